using System.Collections;
using System.Globalization;
using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for Group-Object.</summary>
[Cmdlet("Group", "Object")]
[OutputType(typeof(Hashtable), typeof(GroupInfo))]
public sealed class GroupObjectCommand : ObjectOrderCommandBase
{
    [Parameter]
    public SwitchParameter NoElement { get; set; }

    [Parameter(ParameterSetName = "HashTable")]
    [Alias("AHT")]
    public SwitchParameter AsHashTable { get; set; }

    [Parameter(ParameterSetName = "HashTable")]
    public SwitchParameter AsString { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (AsString && !AsHashTable)
        {
            var error = new ArgumentException("The AsString parameter can be used only in conjunction with the AsHashTable parameter. Specify the AsHashTable parameter.");
            ThrowTerminatingError(new ErrorRecord(error, "ArgumentException", ErrorCategory.InvalidArgument, AsString));
        }

        (OrderedEntry[] entries, PropertyArgument[] properties) = Evaluate();
        ValueComparer values = CreateComparer();
        List<GroupInfo> groups = HaveOneType(entries)
            ? GroupSorted(entries, new EntryComparer(values, new bool[Math.Max(1, properties.Length)]))
            : GroupAsTheyCome(entries, values);
        if (AsHashTable)
        {
            WriteObject(ToHashtable(groups, properties.Length));
        }
        else
        {
            WriteObject(groups, enumerateCollection: true);
        }
    }

    private static bool HaveOneType(OrderedEntry[] entries)
    {
        for (int i = 0; entries.Length > 0 && i < entries[0].Values.Length; i++)
        {
            int column = i;
            if (entries.Select(entry => Plain(entry.Values[column].Value)?.GetType()).Distinct().Count() > 1)
            {
                return false;
            }
        }

        return true;
    }

    private List<GroupInfo> GroupSorted(OrderedEntry[] entries, EntryComparer comparer)
    {
        var groups = new List<GroupInfo>();
        OrderedEntry? current = null;
        foreach (OrderedEntry entry in entries.Order(comparer))
        {
            if (current is null || comparer.Compare(current, entry) != 0)
            {
                groups.Add(CreateGroup(entry));
                current = entry;
            }

            groups[^1].Add(entry.Item);
        }

        return groups;
    }

    private List<GroupInfo> GroupAsTheyCome(OrderedEntry[] entries, ValueComparer values)
    {
        var groups = new List<(OrderedEntry First, GroupInfo Group)>();
        var comparer = new EntryComparer(values, new bool[entries.Length == 0 ? 0 : entries[0].Values.Length]);
        foreach (OrderedEntry entry in entries)
        {
            int found = groups.FindIndex(group => comparer.Compare(group.First, entry) == 0);
            if (found < 0)
            {
                found = groups.Count;
                groups.Add((entry, CreateGroup(entry)));
            }

            groups[found].Group.Add(entry.Item);
        }

        return [.. groups.Select(group => group.Group)];
    }

    private GroupInfo CreateGroup(OrderedEntry entry)
    {
        object?[] values = [.. entry.Values.Select(value => value.Value)];
        string name = string.Join(", ", values.Select(TextOf));
        return NoElement ? new GroupInfoNoElement(values, name) : new GroupInfo(values, name);
    }

    private static string TextOf(object? value)
        => LanguagePrimitives.GetEnumerable(value) is { } elements
            ? $"{{{string.Join(", ", elements.Cast<object?>().Select(TextOf))}}}"
            : value is null ? string.Empty : Convert.ToString(PSObject.AsPSObject(value), CultureInfo.CurrentCulture) ?? string.Empty;

    private Hashtable ToHashtable(List<GroupInfo> groups, int propertyCount)
    {
        var table = new Hashtable(CaseSensitive ? StringComparer.CurrentCulture : StringComparer.CurrentCultureIgnoreCase);
        foreach (GroupInfo group in groups)
        {
            object key = AsString || propertyCount > 1 ? group.Name : Plain(group.Values[0]) ?? string.Empty;
            if (table.ContainsKey(key))
            {
                var error = new ArgumentException("The objects grouped by this property cannot be expanded because there is a key duplication. Provide a valid value for the property, and then try again.");
                ThrowTerminatingError(new ErrorRecord(error, "HashtableKeyAlreadyExists", ErrorCategory.InvalidArgument, group));
            }

            table.Add(key, NoElement ? group.Count : group.Group);
        }

        return table;
    }

    private static object? Plain(object? value) => value is PSObject { BaseObject: not PSCustomObject } wrapped ? wrapped.BaseObject : value;
}
