namespace Switchyard.Engine;

/// <summary>Gathers the names of members that an engine lacks.</summary>
internal sealed class MissingMembers
{
    /// <summary>The names.</summary>
    public List<string> Names { get; } = [];

    /// <summary>Notes a member that was looked for.</summary>
    /// <param name="isMissing">Whether it was not found.</param>
    /// <param name="name">Its name.</param>
    public void AddIf(bool isMissing, string name)
    {
        if (isMissing)
        {
            Names.Add(name);
        }
    }

    /// <summary>Looks for a member.</summary>
    /// <param name="type">The name of its type, below the engine's namespace.</param>
    /// <param name="member">Its name.</param>
    public void AddUnlessHas(string type, string member) => AddIf(
        EngineReflection.Engine.GetType("System.Management.Automation." + type)?.GetMember(member, EngineReflection.Instance).Length is null or 0,
        $"{type}.{member}");
}
