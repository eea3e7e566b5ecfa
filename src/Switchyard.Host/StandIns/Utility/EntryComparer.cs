namespace Microsoft.PowerShell.Commands;

/// <summary>Orders objects by their values, one after the other; those without a value come last.</summary>
internal sealed class EntryComparer(ValueComparer values, bool[] descending) : IComparer<OrderedEntry>
{
    public int Compare(OrderedEntry? x, OrderedEntry? y)
    {
        for (int i = 0; i < x!.Values.Length; i++)
        {
            (OrderedValue first, OrderedValue second) = (x.Values[i], y!.Values[i]);
            int result = first.Exists && second.Exists
                ? values.Compare(first.Value, second.Value) * (descending[i] ? -1 : 1)
                : second.Exists.CompareTo(first.Exists);
            if (result != 0)
            {
                return result;
            }
        }

        return 0;
    }
}
