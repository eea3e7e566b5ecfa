using Switchyard.Core.Processes.Pipes;
using Switchyard.Core.Processes.Trees;

namespace Switchyard.Core.Processes.Portable;

/// <summary>A child with threads for its streams and its exit. What they bring is taken inside the launcher's lock.</summary>
internal sealed class PortableChildProcess : ChildProcess
{
    // For a killed child to be gone; one that hangs in the system may take longer and is left to its thread.
    private static readonly TimeSpan _afterKill = TimeSpan.FromSeconds(5);

    private readonly PortableChildLauncher _launcher;
    private readonly ChildTree _tree;
    private readonly PortableChildSources _sources;
    private readonly StartedProgram _program;
    private bool _isDisposed;

    public PortableChildProcess(PortableChildLauncher launcher, StartedProgram program, bool handsOverStream)
    {
        _program = program;
        _launcher = launcher;
        _tree = program.Tree;
        Id = program.Id;
        _sources = new PortableChildSources(program, launcher.Lock, handsOverStream);
    }

    public override int Id { get; }

    public override ReadOnlySpan<byte> Data => _sources.Data;

    public override bool IsOutputOpen
    {
        get
        {
            lock (_launcher.Lock)
            {
                return _sources.IsOutputOpen;
            }
        }
    }

    private bool HasExited
    {
        get
        {
            lock (_launcher.Lock)
            {
                return _sources.Exit.HasExited;
            }
        }
    }

    public override Stream TakeStream() => new DuplexStream(_program.Output, _program.Input!);

    public override ChildEvent Wait(TimeSpan timeout)
    {
        lock (_launcher.Lock)
        {
            _sources.Release();
            long start = Stopwatch.GetTimestamp();
            while (true)
            {
                if (_launcher.TakeWake())
                {
                    return ChildEvent.Woken;
                }

                if (_sources.Take(AwaitsInput) is { } next)
                {
                    return next;
                }

                if (!AwaitChange(start, timeout))
                {
                    return ChildEvent.TimedOut;
                }
            }
        }
    }

    public override int Write(ReadOnlySpan<byte> data)
    {
        lock (_launcher.Lock)
        {
            return _sources.Input?.Write(data) ?? -1;
        }
    }

    public override void CloseInput()
    {
        AwaitsInput = false;
        lock (_launcher.Lock)
        {
            _sources.Input?.Complete();
        }
    }

    public override bool RequestEnd() => _tree.RequestEnd(HasExited);

    public override void Kill() => _tree.Kill(HasExited);

    public override bool HasDescendants() => _tree.HasDescendants(HasExited);

    public override bool TryReadCpuTime(out TimeSpan time) => _tree.TryReadCpuTime(HasExited, out time);

    /// <summary>Takes note of the child's end. Which signal ended it cannot be told from an exit code that looks the same.</summary>
    public override ExitReason Reap()
    {
        lock (_launcher.Lock)
        {
            while (!_sources.Exit.HasExited)
            {
                Monitor.Wait(_launcher.Lock);
            }

            return new ExitReason(_sources.Exit.ExitCode) { CpuTime = _tree.ReadTotalCpuTime() };
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        if (!HasExited)
        {
            Kill();
        }

        lock (_launcher.Lock)
        {
            long start = Stopwatch.GetTimestamp();
            while (!_sources.Exit.HasExited && AwaitChange(start, _afterKill))
            {
            }

            _sources.Close();
        }

        _tree.Dispose();
    }

    private bool AwaitChange(long start, TimeSpan timeout)
    {
        if (timeout == Timeout.InfiniteTimeSpan)
        {
            return Monitor.Wait(_launcher.Lock);
        }

        TimeSpan left = timeout - Stopwatch.GetElapsedTime(start);
        if (left <= TimeSpan.Zero)
        {
            return false;
        }

        _ = Monitor.Wait(_launcher.Lock, (int)Math.Min(Math.Ceiling(left.TotalMilliseconds), int.MaxValue));
        return true;
    }
}
