using Switchyard.Core.Processes;
using Switchyard.Core.Processes.Pipes;

namespace Switchyard.Core.Transports;

/// <summary>
/// A child process that is a worker, or that carries a worker's bytes to and from wherever that is. One thread starts it, reads what it writes besides, and
/// sees it end.
/// </summary>
internal sealed class ChildTransport : IWorkerTransport
{
    // What a process that has ended left in its pipes is there at once; what it has started may keep them open forever.
    private static readonly TimeSpan _afterExit = TimeSpan.FromMilliseconds(200);

    // A runtime that gives up says why and is gone. That belongs into the report of its death, and not between what others write.
    private static readonly TimeSpan _beforeExit = TimeSpan.FromMilliseconds(100);

    private readonly ChildTransportOptions _options;
    private readonly LocalWorkers _workers;
    private readonly ChildFeed? _bootstrap;
    private readonly ManualResetEventSlim _started = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly ManualResetEventSlim _exited = new();
    private readonly ErrorLines _errors = new();
    private ChildLauncher? _launcher;
    private Stream? _stream;
    private ExitReason _reason;
    private int _id;
    private volatile bool _mustKill;
    private volatile bool _isReleased;
    private volatile bool _mustAsk;

    /// <param name="bootstrap">What is written to its input; null for a child that carries bytes.</param>
    /// <param name="outputHandler">What <see cref="OutputHandler"/> is from its first line on.</param>
    public ChildTransport(ChildTransportOptions options, LocalWorkers workers, byte[]? bootstrap, Action<string, bool>? outputHandler = null)
    {
        _options = options;
        _workers = workers;
        _bootstrap = bootstrap is null ? null : new ChildFeed(bootstrap, options.KeepsInputOpen);
        OutputHandler = outputHandler;
        HostName = options.HostName;
        new Thread(Follow) { IsBackground = true, Name = "Switchyard worker process" }.Start();
    }

    public Stream Stream => _stream ?? throw new InvalidOperationException("The worker has not connected.");

    public string Description => HostName is { } host ? $"worker on {host}" : $"process {_id}";

    public string? HostName { get; private set; }

    public Func<byte[]>? Package => _options.Package;

    public TimeSpan HelloTimeout => _options.Package is null ? IWorkerTransport.UsualHelloTimeout : _options.StartTimeout;

    public CrashMarker? CrashMarker { get; private set; }

    public bool NoticesLoss => _options.HostName is null;

    /// <summary>Is canceled when the process has ended, or was never started.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>Why it was never started; null if it was.</summary>
    public TransportStartException? StartFailure { get; private set; }

    public Action<string, bool>? OutputHandler { get; set; }

    /// <summary>Takes what the worker shares with its caller.</summary>
    public void Share(CrashMarker? crashMarker) => CrashMarker = crashMarker;

    /// <summary>Waits for the connection of a worker that makes one by itself.</summary>
    /// <param name="accept">Waits for it: the stream, and the machine that it comes from, null for this one.</param>
    /// <exception cref="TransportStartException">It was not started, has ended, or does not connect.</exception>
    public void AwaitConnection(Func<CancellationToken, (Stream Stream, string? HostName)> accept, CancellationToken cancellation)
    {
        using CancellationTokenSource timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation, Ended);
        timeout.CancelAfter(_options.StartTimeout);
        try
        {
            (_stream, string? host) = accept(timeout.Token);
            HostName = host ?? HostName;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw StartFailure ?? (TryAwaitExit(TimeSpan.Zero, out ExitReason reason)
                ? new TransportStartException(Messages.WorkerEndedBeforeConnecting) { Exit = reason, LastErrors = LastErrors() }
                : new TransportStartException(MessageText.Format(Messages.WorkerDidNotConnect, _options.StartTimeout.TotalSeconds)) { LastErrors = LastErrors() });
        }
    }

    /// <summary>Waits until there is the stream of a child that carries bytes.</summary>
    /// <exception cref="TransportStartException">It was not started.</exception>
    public void AwaitStream(CancellationToken cancellation)
    {
        _started.Wait(cancellation);
        if (StartFailure is { } failure)
        {
            throw failure;
        }
    }

    public bool IsLoss(ExitReason reason) => _options.IsLoss?.Invoke(reason, LastErrors()) == true;

    public void HandOnOutput() => _errors.AwaitHandedOn(() =>
    {
        Volatile.Read(ref _launcher)?.Wake();
        return !_exited.IsSet;
    });

    public void Kill()
    {
        _mustKill = true;
        Volatile.Read(ref _launcher)?.Wake();
    }

    /// <summary>Asks it to end: by the end of its input, and by a signal where there are signals. On any thread.</summary>
    public void RequestEnd()
    {
        _mustAsk = true;
        Volatile.Read(ref _launcher)?.Wake();
    }

    public void Release() => _isReleased = true;

    public bool TryAwaitExit(TimeSpan timeout, out ExitReason reason)
    {
        bool hasExited = _exited.Wait(timeout);
        reason = _reason;
        return hasExited;
    }

    public IReadOnlyList<string> LastErrors() => _errors.Last();

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
                WorkingDirectory = _options.WorkingDirectory ?? (Path.GetPathRoot(Environment.SystemDirectory) is { Length: > 0 } root ? root : "/"),
                Input = ChildInput.Pipe,
                HandsOverStream = _bootstrap is null,
                HasOwnConsole = true,
                Mark = family.NextMark(),
            });
            _id = child.Id;
            Volatile.Write(ref _launcher, launcher);
            if (_bootstrap is null)
            {
                _stream = child.TakeStream();
                _started.Set();
            }

            Follow(child);
        }
        catch (Exception exception) when (exception is ChildStartException or IOException)
        {
            StartFailure = new TransportStartException(exception.Message, exception);
        }
        finally
        {
            Volatile.Write(ref _launcher, null);
            _exited.Set();
            _started.Set();
            _errors.NoteHandedOn();
            _workers.Leave();
            _ended.Cancel();
        }
    }

    private void Follow(ChildProcess child)
    {
        Encoding encoding = CodePageFallback.CreateEncoding();
        LineSplitter output = new(encoding, line => HandOn(line, isError: false));
        LineSplitter errors = new(encoding, _errors.Add);
        _bootstrap?.Feed(child);
        bool hasExited = false;
        bool isKilled = false;
        while (!hasExited || child.IsOutputOpen)
        {
            if (_mustKill && !isKilled)
            {
                isKilled = true;
                child.Kill();
            }

            if (_mustAsk)
            {
                _mustAsk = false;
                child.CloseInput();
                child.RequestEnd();
            }

            bool isAwaited = _errors.IsAwaited;
            switch (child.Wait(hasExited ? _afterExit : isAwaited ? TimeSpan.Zero : _errors.HoldsAny ? _beforeExit : Timeout.InfiniteTimeSpan))
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
                    _bootstrap?.Feed(child);
                    break;
                case ChildEvent.Exited:
                    hasExited = true;
                    break;
                case ChildEvent.TimedOut when hasExited:
                    Finish(child);
                    return;
                case ChildEvent.TimedOut:
                    _errors.HandOn(line => HandOn(line, isError: true));
                    if (isAwaited)
                    {
                        _errors.NoteHandedOn();
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
            _errors.HandOn(line => HandOn(line, isError: true));
        }
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
