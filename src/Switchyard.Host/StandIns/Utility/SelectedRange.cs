using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>Which of the objects that come by are selected, by their place: the first, the last, all but those, or by number.</summary>
internal sealed class SelectedRange
{
    private readonly Queue<PSObject> _held = new();
    private HashSet<int>? _indexes;
    private HashSet<int>? _skipIndexes;
    private int _first = -1;
    private int _last = -1;
    private int _skip;
    private int _skipLast;
    private int _seen;
    private int _taken;

    /// <summary>Whether nothing more can be selected.</summary>
    public bool IsSatisfied
        => _indexes is not null
            ? _taken == _indexes.Count
            : _first >= 0 && _last < 0 && _taken >= _first;

    public static SelectedRange Of(int first, int last, int skip, int skipLast)
        => new() { _first = first, _last = last, _skip = skip, _skipLast = skipLast };

    public static SelectedRange OfIndexes(int[] indexes) => new() { _indexes = [.. indexes] };

    public static SelectedRange WithoutIndexes(int[] indexes) => new() { _skipIndexes = [.. indexes] };

    /// <summary>Takes an object in, and gives the one that is selected now, if any.</summary>
    public PSObject? Add(PSObject item)
    {
        int place = _seen++;
        if (_indexes is not null)
        {
            return _indexes.Contains(place) ? Take(item) : null;
        }

        if (_skipIndexes is not null)
        {
            return _skipIndexes.Contains(place) ? null : item;
        }

        // -Skip with -Last alone leaves out from the end.
        bool skipsFromStart = _last < 0 || _first >= 0;
        if (skipsFromStart && place < _skip)
        {
            return null;
        }

        if (_first > _taken)
        {
            return Take(item);
        }

        return _last >= 0 || _skipLast > 0 ? Hold(item) : _first < 0 ? item : null;
    }

    /// <summary>What is selected now that all have come by.</summary>
    public IEnumerable<PSObject> TakeRest()
    {
        if (_last < 0)
        {
            yield break;
        }

        int fromEnd = _first >= 0 ? 0 : _skip;
        while (_held.Count > fromEnd)
        {
            yield return _held.Dequeue();
        }
    }

    private PSObject Take(PSObject item)
    {
        _taken++;
        return item;
    }

    private PSObject? Hold(PSObject item)
    {
        _held.Enqueue(item);
        int limit = _last >= 0 ? _last + (_first >= 0 ? 0 : _skip) : _skipLast;
        if (_held.Count <= limit)
        {
            return null;
        }

        PSObject oldest = _held.Dequeue();
        return _last >= 0 ? null : oldest;
    }
}
