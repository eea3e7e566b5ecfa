using Switchyard.Core.Processes;
using Switchyard.Core.Processes.Pipes;

namespace Switchyard.Core.Transports;

/// <summary>A worker process of this machine. One thread starts it, reads what it writes to its own output, and sees it end.</summary>
internal sealed class LocalTransport : IWorkerTransport
{
    // As many as a person reads; more would only fill the memory.
    private const int MostHeld = 1000;

    // What a process that has ended left in its pipes is there at once; what it has started may keep them open forever.
    private static readonly TimeSpan _afterExit = TimeSpan.FromMilliseconds(200);

    // A runtime that gives up says why and is gone. That belongs into the report of its death, and not between what others write.
    private static readonly TimeSpan _beforeExit = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan _handOnTimeout = TimeSpan.FromMilliseconds(500);

    private readonly LocalTransportOptions _options;
    private readonly LocalWorkers _workers;
    private readonly byte[] _bootstrap;
    private readonly CancellationTokenSource _ended = new();
    private readonly ManualResetEventSlim _exited = new();
    private readonly LastLines _lastErrors = new();
    private readonly List<string> _heldErrors = [];
    private ChildLauncher? _launcher;
    private ManualResetEventSlim? _handedOn;
    private Stream? _stream;
    private ExitReason _reason;
    private int _id;
    private volatile bool _mustKill;
    private volatile bool _isReleased;
    private int _fed;

    public LocalTransport(LocalTransportOptions options, LocalWorkers workers, WorkerBootstrap bootstrap)
    {
        _options = options;
        _workers = workers;
        _bootstrap = bootstrap.ToBytes();
        new Thread(Follow) { IsBackground = true, Name = "Switchyard worker process" }.Start();
    }

    public Stream Stream => _stream ?? throw new InvalidOperationException("The worker has not connected.");

    public string Description => $"process {_id}";

    public CrashMarker? CrashMarker { get; private set; }

    public bool NoticesLoss => true;

    /// <summary>Is canceled when the process has ended, or was never started.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>Why it was never started; null if it was.</summary>
    public TransportStartException? StartFailure { get; private set; }

    public Action<string, bool>? OutputHandler { get; set; }

    public void Connect(Stream stream, CrashMarker? crashMarker)
    {
        _stream = stream;
        CrashMarker = crashMarker;
    }

    public void HandOnOutput()
    {
        // Not disposed of: the other thread may set it late.
        ManualResetEventSlim handedOn = new();
        Volatile.Write(ref _handedOn, handedOn);
        Volatile.Read(ref _launcher)?.Wake();
        if (!_exited.IsSet)
        {
            handedOn.Wait(_handOnTimeout);
        }
    }

    public void Kill()
    {
        _mustKill = true;
        Volatile.Read(ref _launcher)?.Wake();
    }

    public void Release() => _isReleased = true;

    public bool TryAwaitExit(TimeSpan timeout, out ExitReason reason)
    {
        bool hasExited = _exited.Wait(timeout);
        reason = _reason;
        return hasExited;
    }

    public IReadOnlyList<string> LastErrors() => _lastErrors.ToArray();

    public void Dispose()
    {
        _stream?.Dispose();
        CrashMarker?.Dispose();
    }

    private void Follow()
    {
        ChildFamily family = _workers.Enter();
        try
        {
            using ChildLauncher launcher = family.CreateLauncher();
            using ChildProcess child = launcher.Start(new ChildStart
            {
                FileName = _options.FileName,
                Arguments = _options.Arguments,
                Environment = _options.Environment,

                // A worker that waits for its next batch must not keep a folder from being removed.
                WorkingDirectory = Path.GetPathRoot(Environment.SystemDirectory) is { Length: > 0 } root ? root : "/",
                Input = ChildInput.Pipe,
                HasOwnConsole = true,
                Mark = family.NextMark(),
            });
            _id = child.Id;
            Volatile.Write(ref _launcher, launcher);
            Follow(child);
        }
        catch (ChildStartException exception)
        {
            StartFailure = new TransportStartException(exception.Message, exception);
        }
        finally
        {
            Volatile.Write(ref _launcher, null);
            _exited.Set();
            Interlocked.Exchange(ref _handedOn, null)?.Set();
            _workers.Leave();
            _ended.Cancel();
        }
    }

    private void Follow(ChildProcess child)
    {
        Encoding encoding = CodePageFallback.CreateEncoding();
        LineSplitter output = new(encoding, line => TakeLine(line, isError: false));
        LineSplitter errors = new(encoding, line => TakeLine(line, isError: true));
        Feed(child);
        bool hasExited = false;
        bool isKilled = false;
        while (!hasExited || child.IsOutputOpen)
        {
            if (_mustKill && !isKilled)
            {
                isKilled = true;
                child.Kill();
            }

            bool isAwaited = Volatile.Read(ref _handedOn) is not null;
            switch (child.Wait(hasExited ? _afterExit : isAwaited ? TimeSpan.Zero : _heldErrors.Count > 0 ? _beforeExit : Timeout.InfiniteTimeSpan))
            {
                case ChildEvent.Output:
                    Add(output, child.Data);
                    break;
                case ChildEvent.Error:
                    Add(errors, child.Data);
                    break;
                case ChildEvent.AwaitsTerminal:
                    _mustKill = true;
                    break;
                case ChildEvent.InputReady:
                    Feed(child);
                    break;
                case ChildEvent.Exited:
                    hasExited = true;
                    break;
                case ChildEvent.TimedOut when hasExited:
                    Finish(child);
                    return;
                case ChildEvent.TimedOut:
                    HandOnErrors();
                    if (isAwaited)
                    {
                        Interlocked.Exchange(ref _handedOn, null)?.Set();
                    }

                    break;
            }
        }

        output.Flush();
        errors.Flush();
        Finish(child);
    }

    private void Finish(ChildProcess child)
    {
        if (_mustKill || !_isReleased)
        {
            // And what it has started.
            child.Kill();
        }

        _reason = child.Reap();
        if (_isReleased)
        {
            HandOnErrors();
        }
    }

    private void Feed(ChildProcess child)
    {
        while (_fed < _bootstrap.Length)
        {
            int taken = child.Write(_bootstrap.AsSpan(_fed));
            if (taken <= 0)
            {
                child.AwaitsInput = taken == 0;
                return;
            }

            _fed += taken;
        }

        child.AwaitsInput = false;
        child.CloseInput();
    }

    private void Add(LineSplitter lines, ReadOnlySpan<byte> data)
    {
        try
        {
            lines.Add(data);
        }
        catch (LineTooLongException)
        {
            // It writes without end and without a line end: nothing that could be shown, and memory that has to end somewhere.
            Kill();
        }
    }

    private void TakeLine(string line, bool isError)
    {
        if (isError)
        {
            TakeError(line);
        }
        else
        {
            HandOn(line, isError: false);
        }
    }

    private void TakeError(string line)
    {
        bool isMark = line.EndsWith(LastLines.BatchMark, StringComparison.Ordinal);
        if (isMark)
        {
            // What stands before it is a line that the last batch did not end.
            line = line[..^LastLines.BatchMark.Length];
            _lastErrors.Clear();
        }
        else
        {
            _lastErrors.Add(line);
        }

        if (_heldErrors.Count < MostHeld && !(isMark && line.Length == 0))
        {
            _heldErrors.Add(line);
        }
    }

    private void HandOnErrors()
    {
        foreach (string line in _heldErrors)
        {
            HandOn(line, isError: true);
        }

        _heldErrors.Clear();
    }

    private void HandOn(string line, bool isError)
    {
        try
        {
            OutputHandler?.Invoke(line, isError);
        }
        catch (Exception exception)
        {
            // The handler's batch is over. The worker's pipe has to be emptied all the same.
            Debug.WriteLine(exception);
        }
    }
}
