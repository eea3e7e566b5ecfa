using Switchyard.Core.Queues;

namespace Switchyard.Core.Batch;

/// <summary>
/// Puts items that were read together into groups. To the queue and to workers a group is one item, whose index is that of the first in it; its account leads to
/// those in it. For one thread at a time.
/// </summary>
internal sealed class ItemGroups(GroupOptions options, BatchOptions run)
{
    private readonly Queue<(BatchItem Item, double Weight)> _ready = new();
    private readonly List<(BatchItem Item, double Weight)> _open = [];
    private int _largest = 1;
    private long _length;

    /// <summary>How many items the largest group has so far, at least 1.</summary>
    public int Largest => Math.Max(_largest, _open.Count);

    /// <summary>Whether there are groups to be queued.</summary>
    public bool IsReady => _ready.Count > 0;

    /// <summary>Makes one item of several.</summary>
    public static BatchItem Join(GroupOptions options, IReadOnlyList<BatchItem> members, ItemAttempt? splitFrom = null) =>
        new(members[0].Index, options.Join([.. members.Select(member => member.Input)]))
        {
            Account = new ItemAccount(members[0].Account!.ReadAt) { Members = members, OutputPath = OutputPathOf(members), SplitFrom = splitFrom },
        };

    /// <summary>Takes an item, which has an account.</summary>
    public void Add(in BatchItem item, double weight)
    {
        if (options.GoesAlone?.Invoke(item.Input) == true)
        {
            if (run.KeepOrder)
            {
                // Nothing after it could be written, and at some time not be read, until this group is done.
                CloseRest();
            }

            _ready.Enqueue((item, weight));
            return;
        }

        long length = options.Length?.Invoke(item.Input) ?? 0;
        if (_open.Count > 0 && length > options.MaxLength - _length)
        {
            Close(_open.Count);
        }

        _open.Add((item, weight));
        _length += length;
        if (_open.Count >= options.Size)
        {
            Close(_open.Count);
        }
    }

    /// <summary>No item comes soon: what waits for others goes without them.</summary>
    public void CloseRest()
    {
        int parts = options.SharesRest ? Math.Min(run.ThrottleLimit, _open.Count) : Math.Min(1, _open.Count);
        for (; parts > 0; parts--)
        {
            Close((_open.Count + parts - 1) / parts);
        }
    }

    /// <summary>Queues the next that is complete, if there is one and room for it.</summary>
    public bool TryEnqueue(BoundedQueue<BatchItem> queue)
    {
        if (!_ready.TryPeek(out (BatchItem Item, double Weight) next) || queue.TryAdd(next.Item, next.Weight) != AddResult.Added)
        {
            return false;
        }

        _ready.Dequeue();
        return true;
    }

    /// <summary>Takes all that was never queued, as the run is over.</summary>
    public IReadOnlyList<BatchItem> TakeRest()
    {
        BatchItem[] rest = [.. _ready.Select(ready => ready.Item), .. _open.Select(open => open.Item)];
        _ready.Clear();
        _open.Clear();
        return rest;
    }

    private void Close(int count)
    {
        List<(BatchItem Item, double Weight)> members = _open.GetRange(0, count);
        _open.RemoveRange(0, count);
        _length = 0;
        _largest = Math.Max(_largest, count);
        _ready.Enqueue((Join(options, [.. members.Select(member => member.Item)]), members.Sum(member => member.Weight)));
    }

    // Of an earlier run, in which its group may have been another.
    private static string? OutputPathOf(IEnumerable<BatchItem> members) =>
        members.Select(member => member.Account!.OutputPath).FirstOrDefault(path => path is not null);
}
