using System.Runtime.InteropServices;

namespace Switchyard.Core.Journal.Outputs;

/// <summary>Where the outputs of what succeeded before are, by item: equal items are as many.</summary>
internal sealed class KeptSuccesses
{
    // Nearly all items are unlike each other: those pay for no list.
    private readonly Dictionary<ItemKey, KeptSuccess> _first = [];
    private readonly Dictionary<ItemKey, List<KeptSuccess>> _others = [];

    /// <summary>Where what journal lines tell of ends.</summary>
    public long End { get; private set; }

    /// <summary>How many successes have nothing said of their output, as it was not to be kept.</summary>
    public long Without { get; private set; }

    public void Add(JournalEntry entry, int run)
    {
        if (entry.Kept is not { } place)
        {
            Without++;
            return;
        }

        End = Math.Max(End, place.End);
        KeptSuccess success = new(run, entry.Index, place.At);
        if (!_first.TryAdd(entry.Key, success))
        {
            (CollectionsMarshal.GetValueRefOrAddDefault(_others, entry.Key, out _) ??= []).Add(success);
        }
    }

    /// <summary>Forgets one that was taken back.</summary>
    public void TakeBack(ItemKey key, int run, long index)
    {
        if (_others.TryGetValue(key, out List<KeptSuccess>? others) && others.RemoveAll(other => other.Run == run && other.Index == index) > 0)
        {
            return;
        }

        if (_first.TryGetValue(key, out KeptSuccess first) && first.Run == run && first.Index == index)
        {
            TryTake(key, out _);
        }
        else
        {
            Without--;
        }
    }

    /// <summary>Takes the oldest that an item has.</summary>
    public bool TryTake(ItemKey key, out KeptSuccess success)
    {
        if (!_first.TryGetValue(key, out success))
        {
            return false;
        }

        if (_others.TryGetValue(key, out List<KeptSuccess>? others) && others.Count > 0)
        {
            _first[key] = others[0];
            others.RemoveAt(0);
        }
        else
        {
            _first.Remove(key);
        }

        return true;
    }
}
