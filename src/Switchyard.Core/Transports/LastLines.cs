namespace Switchyard.Core.Transports;

/// <summary>
/// What a process wrote, as much as an error message has room for: the first lines, in which a runtime says what has happened, and
/// the last ones, in which a script does. Long lines are cut.
/// </summary>
internal sealed class LastLines
{
    /// <summary>
    /// What a worker writes to its standard error before it begins another batch, as the end of a line: in line with all else, so that what came before it is
    /// known for the last batch's. It is never shown.
    /// </summary>
    public const string BatchMark = "\0Switchyard batch\0";

    private const int MostFirst = 4;
    private const int MostLast = 6;
    private const int MaxLength = 300;

    private readonly object _lock = new();
    private readonly List<string> _first = [];
    private readonly Queue<string> _last = [];
    private bool _isCut;

    public void Add(string line)
    {
        string text = line.Length > MaxLength ? string.Concat(line.AsSpan(0, MaxLength), "...") : line;
        lock (_lock)
        {
            if (_first.Count < MostFirst)
            {
                _first.Add(text);
                return;
            }

            _last.Enqueue(text);
            if (_last.Count > MostLast)
            {
                _isCut = true;
                _last.Dequeue();
            }
        }
    }

    /// <summary>Forgets what came before: it explains nothing that comes.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _first.Clear();
            _last.Clear();
            _isCut = false;
        }
    }

    public IReadOnlyList<string> ToArray()
    {
        lock (_lock)
        {
            return _isCut ? [.. _first, "...", .. _last] : [.. _first, .. _last];
        }
    }
}
