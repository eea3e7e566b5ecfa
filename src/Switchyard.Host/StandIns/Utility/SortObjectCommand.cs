using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for Sort-Object. Every sort is stable here.</summary>
[Cmdlet("Sort", "Object", DefaultParameterSetName = "Default")]
public sealed class SortObjectCommand : ObjectOrderCommandBase
{
    [Parameter(ParameterSetName = "Default")]
    public SwitchParameter Stable { get; set; }

    [Parameter]
    public SwitchParameter Descending { get; set; }

    [Parameter]
    public SwitchParameter Unique { get; set; }

    [Parameter(ParameterSetName = "Top", Mandatory = true)]
    [ValidateRange(1, int.MaxValue)]
    public int Top { get; set; }

    [Parameter(ParameterSetName = "Bottom", Mandatory = true)]
    [ValidateRange(1, int.MaxValue)]
    public int Bottom { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        (OrderedEntry[] entries, PropertyArgument[] properties) = Evaluate();
        bool[] descending = properties.Length == 0
            ? [Descending]
            : [.. properties.Select(property => property.Descending ?? Descending.ToBool())];
        var comparer = new EntryComparer(CreateComparer(), descending);
        List<OrderedEntry> sorted = [.. entries.Order(comparer)];
        if (Unique)
        {
            sorted = WithoutEqualNeighbours(sorted, comparer);
        }

        int first = ParameterSetName == "Bottom" ? Math.Max(0, sorted.Count - Bottom) : 0;
        int end = ParameterSetName == "Top" ? Math.Min(Top, sorted.Count) : sorted.Count;
        for (int i = first; i < end; i++)
        {
            WriteObject(sorted[i].Item);
        }
    }

    private static List<OrderedEntry> WithoutEqualNeighbours(List<OrderedEntry> sorted, EntryComparer comparer)
    {
        var unique = new List<OrderedEntry>();
        foreach (OrderedEntry entry in sorted)
        {
            if (unique.Count == 0 || comparer.Compare(unique[^1], entry) != 0)
            {
                unique.Add(entry);
            }
        }

        return unique;
    }
}
