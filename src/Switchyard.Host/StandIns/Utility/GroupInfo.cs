using System.Collections;
using System.Collections.ObjectModel;
using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>A group of equal objects.</summary>
public class GroupInfo
{
    internal GroupInfo(IEnumerable<object?> values, string name)
    {
        Values = [.. values];
        Name = name;
    }

    /// <summary>The values that all of its objects have.</summary>
    public ArrayList Values { get; }

    /// <summary>How many objects it has.</summary>
    public int Count { get; private set; }

    /// <summary>Its objects.</summary>
    public Collection<PSObject> Group { get; } = [];

    /// <summary>The values as text.</summary>
    public string Name { get; }

    internal virtual void Add(PSObject item)
    {
        Group.Add(item);
        Count++;
    }

    internal void CountOnly() => Count++;
}
