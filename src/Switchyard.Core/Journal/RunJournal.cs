using System.Runtime.InteropServices;
using Switchyard.Core.Journal.Lines;
using Switchyard.Core.Journal.Outputs;
using Switchyard.Core.Journal.Reading;

namespace Switchyard.Core.Journal;

/// <summary>The journal of one run: knows what earlier ones have done, and writes what this one does.</summary>
internal sealed class RunJournal : IDisposable
{
    // Items of another kind are so from the first on.
    private const int MostAsked = 10_000;

    private readonly IItemDescriber _describer;
    private readonly JournalHistory? _history;
    private readonly JournalWriter? _writer;
    private readonly KeptOutputs? _outputs;
    private readonly PosixSignalRegistration[] _signals = [];
    private readonly DateTimeOffset _baseTime = DateTimeOffset.UtcNow;
    private readonly long _baseTicks = Stopwatch.GetTimestamp();

    private readonly WaitingResults _waiting = new();
    private long _doneBefore;
    private int _asked;
    private bool _hasMatches;
    private long _succeeded;
    private long _failed;
    private volatile bool _isOver;

    internal RunJournal(IItemDescriber describer, JournalHistory? history, JournalWriter? writer, KeptOutputs? outputs, IReadOnlyList<string> differences)
    {
        _describer = describer;
        _history = history;
        _writer = writer;
        _outputs = outputs;
        Differences = differences;
        if (writer is not null)
        {
            AppDomain.CurrentDomain.ProcessExit += OnProcessExit;

            // Where they are not ignored. .NET raises no event for the end of a terminal, and since its version 10 none for the other.
            _signals = Array.ConvertAll([PosixSignal.SIGTERM, PosixSignal.SIGHUP], signal => PosixSignalRegistration.Create(signal, _ => OnProcessExit(null, EventArgs.Empty)));
        }
    }

    /// <summary>What of this run is not as in the one before it, by the names of <see cref="JournalRun.Settings"/>.</summary>
    public IReadOnlyList<string> Differences { get; }

    /// <summary>How many items that count as done wrote errors: which did not end them, but may be why there is something left to do.</summary>
    public long DoubtfulCount => _history?.DoubtfulCount ?? 0;

    /// <summary>Whether it is a surprise if no item is one that succeeded before.</summary>
    public bool ExpectsMatches { get; set; } = true;

    /// <summary>How many successes there are, if it is a surprise that no item matched any; else 0.</summary>
    public long UnmatchedCount => ExpectsMatches && !_hasMatches && DoneBefore == 0 ? _history?.SucceededCount ?? 0 : 0;

    /// <summary>Whether nothing may be handed on any more, as the process ends and what was not handed on is taken back. May be read on any thread.</summary>
    public bool IsOver => _isOver;

    /// <summary>How many items were not run, as they had succeeded before. May be read on any thread.</summary>
    public long DoneBefore => Volatile.Read(ref _doneBefore);

    /// <summary>Whether what items write is kept, and is handed on of those that are not run.</summary>
    public bool KeepsOutput => _outputs is not null;

    /// <summary>How many successes of before do not count, as what the items wrote is not to be had.</summary>
    public long OutputsLost { get; private set; }

    /// <summary>Takes what is to be told of output that cannot be kept as it is. On any thread.</summary>
    internal Action<ItemRecord> Announce
    {
        set => _outputs!.Announce = value;
    }

    /// <summary>Told, once, that the journal cannot be written any more: the run must end. On any thread.</summary>
    internal Action<JournalException>? Failed
    {
        set
        {
            if (_writer is not null)
            {
                _writer.Failed = value;
            }
        }
    }

    /// <summary>Opens a run's journal, and begins it if it is not there.</summary>
    /// <exception cref="JournalException">It cannot be used.</exception>
    public static RunJournal Open(JournalOptions options) => JournalOpening.Open(options);

    /// <summary>Whether an item need not be run, as it has succeeded before. Asks only.</summary>
    public bool WouldSkip(object? item) => _history?.Has(Identify(item)) == true;

    /// <summary>Says how the run ended, once nothing more will be handed on. What was not has succeeded for nothing: it is to be run again.</summary>
    public void End(string reason, long read)
    {
        if (_writer is null || _isOver)
        {
            return;
        }

        foreach (JournalEntry entry in TakeBack())
        {
            _writer.Add(entry, static (lines, entry) => lines.Write(entry), 0);
        }

        _writer.Add(
            new JournalRunEnd(reason, DateTimeOffset.UtcNow, read, _succeeded, _failed, DoneBefore), static (lines, end) => lines.Write(end), 0);
    }

    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
        Array.ForEach(_signals, signal => signal.Dispose());
        _writer?.Dispose();
        _outputs?.Dispose();
    }

    /// <summary>Finds what an item is known by. Before it runs: it may change what it is given.</summary>
    internal ItemKey Identify(object? item)
    {
        ItemKey key = _describer.Identify(item);
        return _history?.Has(key) == false && _describer.IdentifyAsWritten(item) is { } asWritten
            && (_history.Has(asWritten) || (_history.HasUnsuccessful(asWritten) && !_history.HasUnsuccessful(key)))
            ? asWritten
            : key;
    }

    /// <summary>Whether an item need not be run, as it has succeeded before; each success counts for one item.</summary>
    /// <param name="kept">What is to be handed on of it: as a result or as what it wrote. Null if nothing is.</param>
    internal bool TrySkip(ItemKey key, object? input, bool asResult, out IKeptItem? kept)
    {
        kept = _outputs?.TryTake(key, input, asResult, lost => TakeBack(key, input, lost));
        if ((kept is null && _outputs is not null) || _history?.TryTake(key) != true)
        {
            return false;
        }

        Volatile.Write(ref _doneBefore, _doneBefore + 1);
        return true;
    }

    /// <summary>Whether an item that has not succeeded before has done so by all that it can be taken for, such as a text for a number. Told once.</summary>
    internal bool IsOfOtherKind(object? item, ItemKey key)
    {
        if (_history is null || !ExpectsMatches || _asked >= MostAsked)
        {
            return false;
        }

        if (_history.HasUnsuccessful(key))
        {
            _hasMatches = true;
            return false;
        }

        _asked++;
        ExpectsMatches = !_describer.IdentifyOtherwise(item).Any(_history.Has);
        return !ExpectsMatches;
    }

    /// <summary>Takes where an earlier run, in which an item did not succeed, has put its output: that is the item's own place.</summary>
    internal string? TakeOutputPath(ItemKey key) => _history?.TakeOutputPath(key);

    /// <summary>Writes the line of an item that has ended, or those of a group's, before its result is handed on.</summary>
    /// <param name="isHandedOn">Whether there will be a call of <see cref="NoteHandedOn"/>, as there is something to hand on.</param>
    internal void Add(ItemAttempt attempt, bool isHandedOn = false)
    {
        if (_writer is null)
        {
            return;
        }

        NotedItem[] noted = new NotedItem[attempt.Account.Count];
        for (int i = 0; i < noted.Length; i++)
        {
            BatchItem item = attempt.Account.Members.Count > 0 ? attempt.Account.Members[i] : attempt.Item;
            noted[i] = new NotedItem(ToEntry(attempt, item), item.Input, long.MaxValue);
        }

        Interlocked.Add(ref attempt.End.Status is ItemStatus.Succeeded ? ref _succeeded : ref _failed, noted.Length);
        if (isHandedOn)
        {
            // Before its line, so that none is written that would not be taken back.
            _waiting.Add(noted, long.MaxValue);
        }

        // Together, as what they tell of is handed on together.
        long line = _writer.Add(noted, WriteAll, (long)(attempt.Account.Duration.TotalSeconds * Stopwatch.Frequency));
        if (isHandedOn)
        {
            _waiting.Add(noted, line);
        }
    }

    private JournalEntry ToEntry(ItemAttempt attempt, in BatchItem item)
    {
        ItemAccount account = attempt.Account;
        ItemAccount own = item.Account!;
        bool isSuccess = attempt.End.Status is ItemStatus.Succeeded;
        long now = Stopwatch.GetTimestamp();
        JournalEntry entry = new()
        {
            Key = own.Key,
            Index = item.Index,
            Status = attempt.End.Status,
            Item = _describer.Describe(item.Input, isWhole: !isSuccess),
            StartedAt = ToTime(account.StartedAt ?? now),
            EndedAt = ToTime(now),
            QueueTime = Stopwatch.GetElapsedTime(own.ReadAt, account.StartedAt ?? now),
            Duration = own == account ? account.Duration : account.Duration / account.Count,
            GroupSize = account.Count,
            Attempts = account.Attempts,
            WorkerId = attempt.WorkerId,
            ExitCode = attempt.End.ExitCode,

            // What a group has put there is with its first item: another that is tried again puts its own elsewhere.
            OutputPath = own == account || own == account.Members[0].Account ? account.OutputPath : null,
            Error = attempt.LastError is { } error ? _describer.DescribeError(error, hasFailed: !isSuccess) : null,
        };

        return isSuccess && _outputs is not null ? entry with { Kept = Keep(attempt, entry) } : entry;
    }

    internal void NoteHandedOn(long index) => _waiting.Remove(index);

    /// <summary>Something of an item was taken by who wants no more. Of a group that may be what one of its items wrote, so all of it is run again.</summary>
    internal void NoteTaken(long index) => _waiting.Remove(index, unlessOfGroup: true);

    /// <summary>Whether an item's line was written, where not all could be.</summary>
    internal bool IsNoted(long index) => !_isOver && (_waiting.LineOf(index) is not { } line || line <= _writer!.Written);

    /// <summary>Writes what was added: before any of it is handed on.</summary>
    /// <returns>False if it is not; then nothing may be handed on, and the run has been informed.</returns>
    internal bool TryFlush() => !_isOver && _writer?.TryFlush() != false;

    private KeptPlace Keep(ItemAttempt attempt, JournalEntry entry)
    {
        try
        {
            return _outputs!.Keep(attempt, entry) ?? KeptPlace.None;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException)
        {
            _writer!.Fail(exception);
            return KeptPlace.None;
        }
    }

    private void TakeBack(ItemKey key, object? input, KeptSuccess lost)
    {
        _history!.TryTake(key);
        OutputsLost++;
        DateTimeOffset now = DateTimeOffset.UtcNow;
        JournalEntry entry = new()
        {
            Key = key,
            Index = lost.Index,
            OfRun = lost.Run,
            Status = ItemStatus.Canceled,
            IsTakenBack = true,
            Item = _describer.Describe(input, isWhole: true),
            StartedAt = now,
            EndedAt = now,
            Error = new ErrorDescription(string.Empty, Messages.OutputNotThere),
        };
        _writer!.Add(entry, static (lines, entry) => lines.Write(entry), 0);
    }

    // A signal ends the process and not the run: what waits to be handed on would be lost.
    private void OnProcessExit(object? sender, EventArgs e)
    {
        _isOver = true;
        _writer!.EndWith(TakeBack);
    }

    private List<JournalEntry> TakeBack()
    {
        List<JournalEntry> entries = _waiting.TakeBack(_describer);
        _succeeded -= entries.Count;
        _failed += entries.Count;
        return entries;
    }

    private static void WriteAll(JournalLineWriter lines, NotedItem[] items)
    {
        foreach (NotedItem item in items)
        {
            lines.Write(item.Entry);
        }
    }

    private DateTimeOffset ToTime(long timestamp) => _baseTime + Stopwatch.GetElapsedTime(_baseTicks, timestamp);
}
