using Microsoft.Win32.SafeHandles;
using Switchyard.Core.Journal.Reading;

namespace Switchyard.Core.Journal;

/// <summary>The journal of one run: knows what earlier ones have done, and writes what this one does.</summary>
internal sealed class RunJournal : IDisposable
{
    private readonly IItemDescriber _describer;
    private readonly JournalHistory? _history;
    private readonly JournalWriter? _writer;
    private readonly DateTimeOffset _baseTime = DateTimeOffset.UtcNow;
    private readonly long _baseTicks = Stopwatch.GetTimestamp();
    private long _doneBefore;
    private long _succeeded;
    private long _failed;

    private RunJournal(IItemDescriber describer, JournalHistory? history, JournalWriter? writer, IReadOnlyList<string> differences)
    {
        _describer = describer;
        _history = history;
        _writer = writer;
        Differences = differences;
    }

    /// <summary>What of this run is not as in the one before it, by the names of <see cref="JournalRun.Settings"/>.</summary>
    public IReadOnlyList<string> Differences { get; }

    /// <summary>How many items that count as done wrote errors: which did not end them, but may be why there is something left to do.</summary>
    public long DoubtfulCount => _history?.DoubtfulCount ?? 0;

    /// <summary>How many items were not run, as they had succeeded before. May be read on any thread.</summary>
    public long DoneBefore => Volatile.Read(ref _doneBefore);

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
    public static RunJournal Open(JournalOptions options)
    {
        try
        {
            return options.IsReadOnly ? Peek(options) : OpenLocked(options);
        }
        catch (Exception exception) when (
            exception is not JournalException && exception is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException)
        {
            throw new JournalException(JournalProblem.NotReadable, options.Path, exception.Message, inner: exception);
        }
    }

    /// <summary>Whether an item need not be run, as it has succeeded before. Asks only.</summary>
    public bool WouldSkip(object? item) => _history?.Has(_describer.Identify(item)) == true;

    public void End(string reason, long read) =>
        _writer?.Add(
            new JournalRunEnd(reason, DateTimeOffset.UtcNow, read, _succeeded, _failed, DoneBefore), static (lines, end) => lines.Write(end), 0);

    public void Dispose() => _writer?.Dispose();

    /// <summary>Finds what an item is known by. Before it runs: it may change what it is given.</summary>
    internal ItemKey Identify(object? item) => _describer.Identify(item);

    /// <summary>Whether an item need not be run, as it has succeeded before; each success counts for one item.</summary>
    internal bool TrySkip(ItemKey key)
    {
        if (_history?.TryTake(key) != true)
        {
            return false;
        }

        Volatile.Write(ref _doneBefore, _doneBefore + 1);
        return true;
    }

    /// <summary>Writes the line of an item that has ended, before its result is handed on.</summary>
    internal void Add(ItemAttempt attempt)
    {
        if (_writer is null)
        {
            return;
        }

        ItemAccount account = attempt.Account;
        bool isSuccess = attempt.End.Status is ItemStatus.Succeeded;
        Interlocked.Increment(ref isSuccess ? ref _succeeded : ref _failed);
        long now = Stopwatch.GetTimestamp();
        JournalEntry entry = new()
        {
            Key = account.Key,
            Index = attempt.Item.Index,
            Status = attempt.End.Status,
            Item = _describer.Describe(attempt.Item.Input, isWhole: !isSuccess),
            StartedAt = ToTime(account.StartedAt ?? now),
            EndedAt = ToTime(now),
            QueueTime = Stopwatch.GetElapsedTime(account.ReadAt, account.StartedAt ?? now),
            Duration = account.Duration,
            Attempts = account.Attempts,
            WorkerId = attempt.WorkerId,
            ExitCode = attempt.End.ExitCode,
            Error = attempt.LastError is { } error ? _describer.DescribeError(error, hasFailed: !isSuccess) : null,
        };
        _writer.Add(entry, static (lines, item) => lines.Write(item), (long)(account.Duration.TotalSeconds * Stopwatch.Frequency));
    }

    /// <summary>Writes what was added: before any of it is handed on.</summary>
    /// <returns>False if it is not; then nothing may be handed on, and the run has been informed.</returns>
    internal bool TryFlush() => _writer?.TryFlush() != false;

    private static RunJournal Peek(JournalOptions options)
    {
        bool isThere = File.Exists(options.Path);
        return isThere && !options.Resumes
            ? throw Exists(options)
            : new RunJournal(options.Describer, isThere ? JournalHistory.Read(options.Path) : null, null, []);
    }

    private static RunJournal OpenLocked(JournalOptions options)
    {
        JournalLock? use = JournalLock.TryTake(options.Path)
            ?? throw new JournalException(JournalProblem.InUse, options.Path, FindUser(options.Path));
        SafeFileHandle? file = null;
        try
        {
            JournalHistory? history = null;
            if (File.Exists(options.Path) && new FileInfo(options.Path).Length > 0)
            {
                history = options.Resumes ? JournalHistory.Read(options.Path) : throw Exists(options);
            }

            file = File.OpenHandle(options.Path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            long length = history?.Length ?? 0;

            // What a run was writing when it was ended.
            RandomAccess.SetLength(file, length);
            JournalWriter writer = new(options.Path, file, length, use, options.Syncs);
            use = null;
            JournalRun run = options.Run with { Number = (history?.LastRun?.Number ?? 0) + 1 };
            writer.Add(run, static (lines, begun) => lines.Write(begun), long.MaxValue);
            IReadOnlyList<string> differences = history?.LastRun is { } last ? run.DiffersFrom(last) : [];
            return new RunJournal(options.Describer, history, writer, differences);
        }
        catch
        {
            if (use is not null)
            {
                file?.Dispose();
                use.Dispose();
            }

            throw;
        }
    }

    private static JournalException Exists(JournalOptions options) => new(JournalProblem.Exists, options.Path, string.Empty);

    private static string FindUser(string path)
    {
        try
        {
            JournalRun? last = JournalHistory.Read(path).LastRun;
            return last is null ? string.Empty : $"{last.ProcessId}";
        }
        catch (JournalException)
        {
            // Only just begun, perhaps; that it is in use is known all the same.
            return string.Empty;
        }
    }

    private DateTimeOffset ToTime(long timestamp) => _baseTime + Stopwatch.GetElapsedTime(_baseTicks, timestamp);
}
