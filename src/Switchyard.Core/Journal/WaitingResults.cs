namespace Switchyard.Core.Journal;

/// <summary>The items that are noted, and have something to hand on that has not been yet. For any thread.</summary>
internal sealed class WaitingResults
{
    private readonly Dictionary<long, NotedItem> _items = [];

    /// <param name="line">The number of their line.</param>
    public void Add(ReadOnlySpan<NotedItem> items, long line)
    {
        lock (_items)
        {
            foreach (NotedItem item in items)
            {
                _items[item.Entry.Index] = item with { Line = line };
            }
        }
    }

    public void Remove(long index, bool unlessOfGroup = false)
    {
        lock (_items)
        {
            if (!unlessOfGroup || !_items.TryGetValue(index, out NotedItem item) || item.Entry.GroupSize == 1)
            {
                _items.Remove(index);
            }
        }
    }

    /// <returns>The number of an item's line; null if it does not wait.</returns>
    public long? LineOf(long index)
    {
        lock (_items)
        {
            return _items.TryGetValue(index, out NotedItem item) ? item.Line : null;
        }
    }

    /// <summary>Makes what takes back the successes among them. Of those whose output is kept it can be handed on by another run.</summary>
    public List<JournalEntry> TakeBack(IItemDescriber describer)
    {
        lock (_items)
        {
            return [.. _items.Values.Where(item => item.Entry is { Status: ItemStatus.Succeeded, Kept: null or { At: < 0 } }).OrderBy(item => item.Entry.Index).Select(item => item.TakeBack(describer))];
        }
    }
}
