using Switchyard.Core.Transports;

namespace Switchyard.Core.RemoteWorkers.Client.Hosts;

/// <summary>A machine, or whatever else workers are started on, and how it has done so far. Its state belongs to the <see cref="HostPool"/>.</summary>
/// <param name="name">What the user calls it; null for this machine.</param>
/// <param name="capacity">How many workers are to run there; null for as many as it says that it has cores.</param>
/// <param name="mostOpening">How many may be opened there at a time.</param>
internal sealed class WorkerHost(string? name, ITransportLauncher launcher, int? capacity, int mostOpening = WorkerHost.UsualMostOpening)
{
    // So many connections that have not said who they are an SSH server takes by default, before it refuses some.
    private const int UsualMostOpening = 8;

    private static readonly TimeSpan _firstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _longestPause = TimeSpan.FromMinutes(1);

    // One that has worked counts as out of reach when so many pauses are over.
    private const int MostFailuresLater = 6;

    // Where workers are killed while they start, or connections cut, the next may do better at once. It is tried for so long at least.
    private static readonly TimeSpan _longestPauseIfBegun = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan _leastTimeIfBegun = TimeSpan.FromMinutes(1);

    private long _failedAt;
    private long _failingSince;
    private long _done;

    /// <summary>How often one that has never worked is tried before it counts as out of reach.</summary>
    public int TriesAtFirst { get; init; } = 3;

    /// <summary>How many workers it was said to have; null for as many as it has cores.</summary>
    public int? Given => capacity;

    public string? Name => name;

    public ITransportLauncher Launcher => launcher;

    /// <summary>How many workers are to run there, as far as is known.</summary>
    public int Capacity { get; private set; } = capacity ?? 1;

    /// <summary>How many have a place there.</summary>
    public int Used { get; set; }

    /// <summary>How many items have ended there.</summary>
    public long Done => Interlocked.Read(ref _done);

    public int Opening { get; set; }

    /// <summary>Whether it is no longer to be used: those that work there leave after their items.</summary>
    public bool IsLeaving { get; set; }

    public bool HasWorked { get; private set; }

    /// <summary>How often it has failed since it worked last.</summary>
    public int Failures { get; private set; }

    /// <summary>What it failed with last; null if it never has.</summary>
    public WorkerStartException? LastFailure { get; private set; }

    /// <summary>Whether the user has been told that it is not to be had.</summary>
    public bool IsReported { get; set; }

    /// <summary>Whether it has failed so often, or in such a way, that a batch without any other does not wait for it.</summary>
    public bool IsOutOfReach => LastFailure is not null && Failures > 0 && (LastFailure.IsFinal
        || (MayDoBetter
            ? Failures >= MostFailuresLater && Stopwatch.GetElapsedTime(_failingSince) >= _leastTimeIfBegun
            : Failures >= (HasWorked ? MostFailuresLater : TriesAtFirst)));

    /// <summary>Whether it has worked, or is long in coming.</summary>
    public bool IsMissed => HasWorked || Failures >= TriesAtFirst;

    /// <summary>How much longer it is left alone.</summary>
    public TimeSpan Pause => Failures == 0 ? TimeSpan.Zero : Max(TimeSpan.Zero, PauseAfterFailure - Stopwatch.GetElapsedTime(_failedAt));

    /// <summary>How many more workers may be opened there now.</summary>
    public int Free => IsLeaving || Pause > TimeSpan.Zero ? 0
        : Failures > 0 ? Math.Max(0, Math.Min(Capacity - Used, 1 - Opening))
        : Math.Max(0, Math.Min(Capacity - Used, mostOpening - Opening));

    private bool MayDoBetter => LastFailure is { HasBegun: true } && TriesAtFirst > 1;

    private TimeSpan PauseAfterFailure => Min(MayDoBetter ? _longestPauseIfBegun : _longestPause, _firstPause * Math.Pow(2, Math.Min(Failures - 1, 10)));

    /// <summary>Items have ended there. On any thread.</summary>
    public void NoteDone(int count) => Interlocked.Add(ref _done, count);

    public void NoteOpened(int cores)
    {
        Capacity = capacity ?? Math.Max(1, cores);
        HasWorked = true;
        Failures = 0;
    }

    public void NoteFailure(WorkerStartException failure)
    {
        // Several workers there find out about one loss.
        if (Pause <= TimeSpan.Zero || Failures == 0)
        {
            Failures++;
            _failedAt = Stopwatch.GetTimestamp();
            _failingSince = Failures == 1 ? _failedAt : _failingSince;
        }

        LastFailure = failure;
    }

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
