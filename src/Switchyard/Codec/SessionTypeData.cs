using System.Management.Automation.Runspaces;
using System.Xml;
using System.Xml.Linq;
using Switchyard.Engine;

namespace Switchyard.Codec;

/// <summary>
/// The properties that scripts and modules have given to types in a session, as by <c>Update-TypeData</c>. Another session does not have
/// them, so an object takes their values along. For one thread at a time.
/// </summary>
internal sealed class SessionTypeData
{
    private readonly Dictionary<string, HashSet<string>> _properties = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<Type, string[]> _ofTypes = [];
    private readonly Runspace _session;
    private readonly int _count;

    private SessionTypeData(Runspace session, InitialSessionStateEntryCollection<SessionStateTypeEntry> entries)
    {
        _session = session;
        _count = entries.Count;
        foreach (SessionStateTypeEntry entry in entries)
        {
            if (entry.TypeData is { } data)
            {
                Add(data.TypeName, data.Members.Where(member => IsProperty(member.Value.GetType().Name)).Select(member => member.Key));
            }
            else if (entry.FileName is { } file && !ModuleFolders.IsOfEngine(file))
            {
                AddFile(file);
            }
        }
    }

    /// <summary>What the session has whose code runs on this thread.</summary>
    /// <param name="known">What it had when last looked at.</param>
    /// <returns>Null if there is no session.</returns>
    public static SessionTypeData? OfRunningSession(SessionTypeData? known) =>
        Runspace.DefaultRunspace is not { InitialSessionState.Types: { } entries } session ? null
        : known is not null && known._session == session && known._count == entries.Count ? known
        : new SessionTypeData(session, entries);

    /// <summary>Whether there are none, as in most sessions.</summary>
    public bool IsEmpty => _properties.Count == 0;

    /// <summary>Whether objects of a type may have some.</summary>
    public bool IsOf(object bare) => !IsEmpty && OfType(bare.GetType()).Length > 0;

    /// <summary>The names of those that an object has. What a remote session has as itself, a text or a number, it has without them there, too.</summary>
    public string[] PropertiesOf(PSObject wrapper, object value) => IsEmpty || value is string || value.GetType().IsPrimitive ? []
        : value is PSCustomObject || Engine.InstanceMembers.HasTypeNames(wrapper) ? Of(wrapper.TypeNames)
        : OfType(value.GetType());

    private string[] OfType(Type type)
    {
        if (!_ofTypes.TryGetValue(type, out string[]? names))
        {
            List<string> hierarchy = [];
            for (Type? each = type; each is not null; each = each.BaseType)
            {
                hierarchy.Add(each.FullName ?? each.Name);
            }

            _ofTypes[type] = names = Of(hierarchy);
        }

        return names;
    }

    private string[] Of(IEnumerable<string> typeNames) =>
        [.. typeNames.SelectMany(name => _properties.GetValueOrDefault(name) ?? []).Distinct(StringComparer.OrdinalIgnoreCase)];

    private void AddFile(string file)
    {
        try
        {
            foreach (XElement type in XDocument.Load(file).Descendants("Type"))
            {
                Add(
                    type.Element("Name")?.Value.Trim() ?? string.Empty,
                    type.Element("Members")?.Elements().Where(member => IsProperty(member.Name.LocalName)).Select(member => member.Element("Name")?.Value.Trim() ?? string.Empty) ?? []);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or XmlException)
        {
            // The session has read it; what it says of types is then not known here.
            Debug.WriteLine(exception);
        }
    }

    private void Add(string typeName, IEnumerable<string> names)
    {
        foreach (string name in names)
        {
            if (!_properties.TryGetValue(typeName, out HashSet<string>? known))
            {
                _properties[typeName] = known = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
            }

            known.Add(name);
        }
    }

    // The classes of the engine and the elements of its files begin alike.
    private static bool IsProperty(string kind) =>
        kind.StartsWith("ScriptProperty", StringComparison.Ordinal) || kind.StartsWith("AliasProperty", StringComparison.Ordinal)
        || kind.StartsWith("CodeProperty", StringComparison.Ordinal) || kind.StartsWith("NoteProperty", StringComparison.Ordinal);
}
