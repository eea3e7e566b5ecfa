namespace Switchyard.Core.Transports;

/// <summary>
/// The lines of a child's error output. They are held until it is known that it lives on, and kept for the report of its death. All but <see cref="Last"/> is
/// for one thread.
/// </summary>
internal sealed class ErrorLines
{
    // As many as a person reads; more would only fill the memory.
    private const int MostHeld = 1000;

    private static readonly TimeSpan _handOnTimeout = TimeSpan.FromMilliseconds(500);

    private readonly LastLines _last = new();
    private readonly List<string> _held = [];
    private ManualResetEventSlim? _handedOn;

    public bool HoldsAny => _held.Count > 0;

    /// <summary>Whether a thread waits for them to be handed on.</summary>
    public bool IsAwaited => Volatile.Read(ref _handedOn) is not null;

    public IReadOnlyList<string> Last() => _last.ToArray();

    public void Add(string line)
    {
        bool isMark = line.EndsWith(LastLines.BatchMark, StringComparison.Ordinal);
        if (isMark)
        {
            // What stands before it is a line that the last batch did not end.
            line = line[..^LastLines.BatchMark.Length];
            _last.Clear();
        }
        else
        {
            _last.Add(line);
        }

        if (_held.Count < MostHeld && !(isMark && line.Length == 0))
        {
            _held.Add(line);
        }
    }

    /// <summary>Waits until what has come is handed on, for a while. On any thread.</summary>
    /// <param name="request">Asks for it; false if the thread that would do it has ended.</param>
    public void AwaitHandedOn(Func<bool> request)
    {
        // Not disposed of: the other thread may set it late.
        ManualResetEventSlim handedOn = new();
        Volatile.Write(ref _handedOn, handedOn);
        if (request())
        {
            handedOn.Wait(_handOnTimeout);
        }
    }

    /// <summary>All that has come was handed on.</summary>
    public void NoteHandedOn() => Interlocked.Exchange(ref _handedOn, null)?.Set();

    /// <summary>Hands on what is held.</summary>
    public void HandOn(Action<string> handler)
    {
        _held.ForEach(handler);
        _held.Clear();
    }
}
