namespace Switchyard.Tests.Engine;

/// <summary>How the module was without some of the engine's members.</summary>
/// <param name="Missing">What it missed.</param>
/// <param name="ReusesScopes">Whether it runs bodies by steps that are the engine's own.</param>
internal sealed record HiddenMembersAnswer(IReadOnlyList<string> Missing, bool ReusesScopes)
{
    /// <summary>What the checks wrote.</summary>
    public IReadOnlyList<string> Lines { get; init; } = [];
}
