using Switchyard.Core.Batch;
using Switchyard.Core.Transports;

namespace Switchyard.Core.Control;

/// <summary>
/// The batches that run in this process. They can be found by other processes once one has run for a moment: until then, and while none runs, there is nothing but this
/// list. And only once another process asks does this one listen, so that a run that nobody watches pays for a folder and a few looks into it each second.
/// </summary>
internal sealed class RunningBatches : IDisposable
{
    // What is over sooner nobody can have looked at, and most batches of a script are.
    private static readonly TimeSpan _unseen = TimeSpan.FromMilliseconds(250);

    // How often it is noted how far they are, so that who looks is told of a rate at once: each so many looks.
    private const int LooksPerSample = 4;

    private readonly object _lock = new();
    private readonly List<RunningBatch> _batches = [];
    private readonly Timer _timer;
    private int _lastNumber;
    private int _looks;
    private string? _folder;
    private ControlServer? _server;
    private bool _cannotListen;
    private (long At, TimeSpan Cpu)? _cpuBefore;
    private SessionLoad _load;

    public RunningBatches() => _timer = new Timer(_ => Tick(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    /// <summary>Adds a batch, until that is disposed of.</summary>
    public RunningBatch Add(BatchLabel label, BatchRun run)
    {
        lock (_lock)
        {
            RunningBatch batch = new(this, ++_lastNumber, label, run);
            _batches.Add(batch);
            if (_batches.Count == 1)
            {
                _timer.Change(_unseen, _unseen);
            }

            return batch;
        }
    }

    public void Remove(RunningBatch batch)
    {
        lock (_lock)
        {
            if (_batches.Remove(batch) && _batches.Count == 0)
            {
                _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                Hide();
            }
        }
    }

    /// <summary>Does what is asked of this process.</summary>
    public ControlReply Answer(in ControlRequest request)
    {
        RunningBatch[] meant;
        int number = request.Batch;
        lock (_lock)
        {
            meant = [.. _batches.Where(batch => number == 0 || batch.Number == number)];
        }

        if (request.Action != ControlAction.List && meant.Length == 0)
        {
            return new ControlReply(ControlResult.NotFound, []);
        }

        ControlResult result = ControlResult.Done;
        foreach (RunningBatch batch in meant)
        {
            result = batch.Do(request) is var answer and not ControlResult.Done ? answer : result;
        }

        SessionLoad load = ReadLoad();
        return new ControlReply(result, [.. meant.Select(batch => batch.Tell(load))]);
    }

    /// <summary>Lets no other process see them any more.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _cannotListen = true;
            Hide();
        }

        _timer.Dispose();
    }

    private void Tick()
    {
        RunningBatch[] due;
        lock (_lock)
        {
            due = ++_looks % LooksPerSample == 0 ? [.. _batches] : [];
            if (_batches.Count > 0 && _server is null && !_cannotListen)
            {
                Show();
            }
        }

        foreach (RunningBatch batch in due)
        {
            batch.Sample();
        }
    }

    private void Show()
    {
        try
        {
            if (_folder is null)
            {
                _folder = PrivateFolder.UseFindable(folder =>
                {
                    SessionFile.WriteEmpty(folder);
                    return folder;
                });

                // It is to be gone with the process.
                AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
            }
            else if (SessionFile.IsAsked(_folder))
            {
                _server = new ControlServer(_folder, request => Answer(request));
            }
        }
        catch (Exception exception)
        {
            // They run all the same, and can be seen from their own session. Thrown on a timer's thread, whatever it is would end the caller's process. What had no room may
            // have some later.
            Debug.WriteLine(exception);
            _cannotListen = _folder is null;
        }
    }

    private void Hide()
    {
        if (_folder is not null)
        {
            AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;

            // In this order: who finds nothing that listens looks whether the folder is gone.
            PrivateFolder.Remove(_folder);
            _server?.Dispose();
            (_server, _folder) = (null, null);
        }
    }

    private void OnProcessExit(object? sender, EventArgs e) => Dispose();

    private SessionLoad ReadLoad()
    {
        lock (_timer)
        {
            using Process process = Process.GetCurrentProcess();
            TimeSpan cpu = process.TotalProcessorTime;

            // At first since the process was started, then since it was looked at last.
            TimeSpan passed = _cpuBefore is { } before ? Stopwatch.GetElapsedTime(before.At) : DateTime.Now - process.StartTime;
            if (passed > _unseen / 2)
            {
                _load = new SessionLoad(100 * ((cpu - (_cpuBefore?.Cpu ?? TimeSpan.Zero)) / passed), process.WorkingSet64);
                _cpuBefore = (Stopwatch.GetTimestamp(), cpu);
            }

            return _load;
        }
    }
}
