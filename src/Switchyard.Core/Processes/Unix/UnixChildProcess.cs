using System.Runtime.Versioning;
using Switchyard.Core.Processes.Trees;

namespace Switchyard.Core.Processes.Unix;

/// <summary>A child that was started by <c>posix_spawn</c>. All that it does arrives through one <c>poll</c>.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed unsafe class UnixChildProcess : ChildProcess
{
    private const int WakeEntry = 0;
    private const int OutputEntry = 1;
    private const int ErrorEntry = 2;
    private const int ExitEntry = 3;
    private const int InputEntry = 4;
    private const int EntryCount = 5;

    // Nothing wakes a wait when a child is stopped, nor by SIGCHLD where this process was started with that ignored: the runtime leaves it so.
    private const int TerminalPollPeriod = 500;

    // Nor when a child exits, if there was no descriptor left for that.
    private const int ExitPollPeriod = 50;

    private readonly UnixChildLauncher _launcher;
    private readonly ChildStart _start;
    private readonly bool _leadsGroup;
    private readonly int _exit;
    private readonly PollEntry[] _entries = new PollEntry[EntryCount];
    private readonly UnixPipe? _input;
    private readonly UnixPipe _output;
    private readonly UnixPipe _error;
    private int _read;
    private bool _hasExited;
    private ExitReason? _reason;
    private bool _hasStrays;
    private string? _waitedForTerminal;
    private bool _isDisposed;

    public UnixChildProcess(UnixChildLauncher launcher, int id, ChildStart start, UnixPipe? input, UnixPipe output, UnixPipe error)
    {
        _launcher = launcher;
        _start = start;
        _leadsGroup = start.Input != ChildInput.Terminal;
        Id = id;
        _input = input;
        _output = output;
        _error = error;
        if (input is not null)
        {
            UnixCalls.SetNonBlocking(input.WriteEnd);
        }

        _exit = launcher.WatchesSignal ? -1 : UnixCalls.OpenExit(id);
        launcher.Guard?.Started(id);
    }

    public override int Id { get; }

    public override ReadOnlySpan<byte> Data => _launcher.Buffer.AsSpan(0, _read);

    public override bool IsOutputOpen => _output.ReadEnd >= 0 || _error.ReadEnd >= 0;

    public override Stream TakeStream() => new UnixPipeStream(_output.TakeRead(), _input!.TakeWrite());

    public override ChildEvent Wait(TimeSpan timeout)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            if (TakeReady() is { } next)
            {
                return next;
            }

            // Where there is no descriptor for it, SIGCHLD ends the wait, and each child is asked whether it was the one: after the wake-ups so far
            // were taken, so that a later one ends the next wait.
            if (_exit < 0 && !_hasExited && UnixExit.HasCome(Id))
            {
                _hasExited = true;
                return ChildEvent.Exited;
            }

            int milliseconds = -1;
            if (timeout != Timeout.InfiniteTimeSpan)
            {
                TimeSpan left = timeout - Stopwatch.GetElapsedTime(start);
                milliseconds = left <= TimeSpan.Zero ? 0 : (int)Math.Min(Math.Ceiling(left.TotalMilliseconds), int.MaxValue);
            }

            bool pollsTerminal = _leadsGroup && _launcher.HasTerminal && !_hasExited && _waitedForTerminal is null;
            bool pollsExit = _exit < 0 && !_hasExited;
            int period = pollsExit && !_launcher.WatchesSignal ? ExitPollPeriod : TerminalPollPeriod;
            int slice = (pollsExit || pollsTerminal) && (milliseconds < 0 || milliseconds > period) ? period : milliseconds;
            if (Poll(slice) != 0)
            {
                continue;
            }

            if (pollsTerminal && UnixExit.IsStoppedByTerminal(Id))
            {
                _waitedForTerminal = UnixTerminal.FindWaiting(_launcher.ReadTable(), Id, Path.GetFileName(_start.FileName));
                return ChildEvent.AwaitsTerminal;
            }

            if (pollsTerminal && UnixTerminal.FindStopped(Id) is { } stopped)
            {
                _waitedForTerminal = stopped;
                return ChildEvent.AwaitsTerminal;
            }

            if (slice == milliseconds && milliseconds >= 0)
            {
                return ChildEvent.TimedOut;
            }
        }
    }

    public override int Write(ReadOnlySpan<byte> data)
    {
        if (_input is not { WriteEnd: >= 0 })
        {
            return -1;
        }

        fixed (byte* buffer = data)
        {
            nint written = UnixCalls.Write(_input.WriteEnd, buffer, (nuint)data.Length);
            return written >= 0 ? (int)written : UnixCalls.Error == UnixCalls.BrokenPipe ? -1 : 0;
        }
    }

    public override void CloseInput()
    {
        AwaitsInput = false;
        _input?.CloseWrite();
    }

    public override bool RequestEnd()
    {
        Signal(UnixCalls.SigTerm);
        return true;
    }

    public override void Kill() => Signal(UnixCalls.SigKill);

    public override bool HasDescendants()
    {
        if (_hasExited)
        {
            // Once it is waited for, its group exists only as long as others are in it.
            Reap();
            if (_leadsGroup && !_hasStrays && UnixCalls.Kill(-Id, 0) != 0)
            {
                // The usual case. Reading the system's table would cost a hundred times as much.
                return false;
            }
        }

        return FindDescendants().Count > 0;
    }

    public override bool TryReadCpuTime(out TimeSpan time) => UnixProcessClock.TryRead(Id, out time);

    public override ExitReason Reap()
    {
        _reason ??= UnixExit.Await(Id) with { WaitedForTerminal = _waitedForTerminal };
        return _reason.Value;
    }

    protected override void Dispose(bool disposing)
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        if (_reason is null)
        {
            Kill();
            Reap();
        }

        _launcher.Guard?.Ended(Id);
        _input?.Close();
        _output.Close();
        _error.Close();
        if (_exit >= 0)
        {
            _ = UnixCalls.Close(_exit);
        }
    }

    private int Poll(int milliseconds)
    {
        Watch(WakeEntry, _launcher.WakeDescriptor, UnixCalls.PollIn);
        Watch(OutputEntry, _output.ReadEnd, UnixCalls.PollIn);
        Watch(ErrorEntry, _error.ReadEnd, UnixCalls.PollIn);
        Watch(ExitEntry, _hasExited ? -1 : _exit, UnixCalls.PollIn);
        Watch(InputEntry, AwaitsInput && _input is not null ? _input.WriteEnd : -1, UnixCalls.PollOut);
        fixed (PollEntry* entries = _entries)
        {
            // Interrupted by a signal it returns -1 and leaves the entries as they were: the wait reads the clock and goes on.
            return UnixCalls.Poll(entries, EntryCount, milliseconds);
        }

        void Watch(int entry, int descriptor, short events) =>
            _entries[entry] = new PollEntry { Descriptor = descriptor, Events = events };
    }

    /// <summary>Takes one of the events that the last poll found.</summary>
    private ChildEvent? TakeReady()
    {
        if ((TryTake(WakeEntry) || _launcher.IsWoken) && _launcher.TakeWake())
        {
            return ChildEvent.Woken;
        }

        if (TryTake(OutputEntry) && TryRead(_output, out bool hasEnded))
        {
            return hasEnded ? ChildEvent.OutputEnded : ChildEvent.Output;
        }

        if (TryTake(ErrorEntry) && TryRead(_error, out hasEnded))
        {
            return hasEnded ? ChildEvent.ErrorEnded : ChildEvent.Error;
        }

        if (TryTake(InputEntry) && AwaitsInput)
        {
            return ChildEvent.InputReady;
        }

        if (TryTake(ExitEntry))
        {
            _hasExited = true;
            return ChildEvent.Exited;
        }

        return null;
    }

    private bool TryTake(int entry)
    {
        bool hasHappened = _entries[entry].Happened != 0;
        _entries[entry].Happened = 0;
        return hasHappened;
    }

    private bool TryRead(UnixPipe pipe, out bool hasEnded)
    {
        fixed (byte* buffer = _launcher.Buffer)
        {
            nint read = UnixCalls.Read(pipe.ReadEnd, buffer, (nuint)_launcher.Buffer.Length);
            hasEnded = read == 0;
            _read = (int)Math.Max(read, 0);
            if (hasEnded)
            {
                pipe.CloseRead();
            }

            return read >= 0;
        }
    }

    private void Signal(int signal)
    {
        IReadOnlyList<ProcessEntry> known = _launcher.HasMarks ? [] : FindDescendants();

        // Its group is its own until it is waited for, and then as long as a process is in it: without, this hits none. In the terminal's
        // foreground it is in the caller's group.
        if (_leadsGroup || _reason is null)
        {
            _ = UnixCalls.Kill(_leadsGroup ? -Id : Id, signal);
        }

        foreach (ProcessEntry entry in known.Union(FindDescendants()))
        {
            if (entry.GroupId != Id)
            {
                _hasStrays = true;
                _ = UnixCalls.Kill(entry.Id, signal);
            }
        }

        if (signal == UnixCalls.SigTerm)
        {
            // What was stopped, by reading from a terminal that is not its own, say, cannot take it before it goes on.
            _ = UnixCalls.Kill(-Id, UnixCalls.SigContinue);
        }
    }

    private IReadOnlyList<ProcessEntry> FindDescendants() => ProcessTree.FindDescendants(_launcher.ReadTable(), Id, _start.Mark);
}
