using System.Reflection;
using Switchyard.Engine;

namespace Switchyard.ProcessWorkers;

/// <summary>
/// What <c>$PSStyle</c> says, which is one object for all sessions of a process: everything in it that can be set, by its public properties, as its type is
/// not there to compile against.
/// </summary>
internal sealed class StyleSettings
{
    private readonly List<(object Owner, PropertyInfo Property, object? Value)> _settings = [];
    private readonly List<DictionaryEntry> _givenExtensions = [];
    private IDictionary? _extensions;

    public StyleSettings()
    {
        if (EngineMembers.Style.Get() is { } style)
        {
            Add(style);
        }
    }

    /// <summary>Makes it what it was.</summary>
    public void Restore()
    {
        foreach ((object owner, PropertyInfo property, object? value) in _settings)
        {
            if (!Equals(property.GetValue(owner), value))
            {
                property.SetValue(owner, value);
            }
        }

        _extensions?.Clear();
        foreach (DictionaryEntry extension in _givenExtensions)
        {
            _extensions![extension.Key] = extension.Value;
        }
    }

    private void Add(object owner)
    {
        if (EngineMembers.StyleExtensions.Get(owner) is IDictionary extensions)
        {
            _extensions = extensions;
            foreach (DictionaryEntry extension in extensions)
            {
                _givenExtensions.Add(extension);
            }
        }

        foreach (PropertyInfo property in owner.GetType().GetProperties(BindingFlags.Instance | BindingFlags.Public))
        {
            if (property.GetIndexParameters().Length > 0 || property.GetMethod is null)
            {
                continue;
            }

            if (property.SetMethod is { IsPublic: true })
            {
                _settings.Add((owner, property, property.GetValue(owner)));
            }
            else if (property.PropertyType.DeclaringType == owner.GetType() && property.GetValue(owner) is { } part)
            {
                Add(part);
            }
        }
    }
}
