namespace Switchyard.Core.Policies.Simulation;

/// <summary>
/// A run as a chain of events under a clock of its own: workers are opened, one a core at a time and using a core for it, then
/// take an item whenever fewer run than may. Same seed, same run.
/// </summary>
internal sealed class BatchSimulation
{
    public const long Frequency = 1_000_000_000;
    private const double OpenSeconds = 0.012;
    private const double TickSeconds = 0.05;

    private readonly Workload _workload;
    private readonly Random _random;
    private readonly AutoThrottle? _throttle;
    private readonly SharedStation _cores;
    private readonly SharedStation _server;
    private readonly PriorityQueue<SimulatedWorker, double> _waits = new();
    private readonly Queue<SimulatedWorker> _acquirers = new();
    private readonly Stack<SimulatedWorker> _idle = new();
    private double _now;
    private double _lastTick;
    private double _lastWork;
    private int _limit;
    private int _workers;
    private int _opening;
    private int _running;
    private int _held;
    private long _started;

    private BatchSimulation(Workload workload, int limit, int seed)
    {
        _workload = workload;
        _random = new Random(seed);
        _limit = limit;
        if (limit == 0)
        {
            _throttle = new AutoThrottle(workload.Cores, workload.Ceiling, Frequency, 0);
            _limit = _throttle.Limit;
        }

        _cores = new SharedStation(n => Math.Min(1, (workload.Cores - workload.Taken(_now)) / n));
        _server = new SharedStation(workload.ServerSpeed);
    }

    /// <summary>Changes of the limit, with their times in seconds.</summary>
    public List<(double Time, ThrottleChange Change)> Changes { get; } = [];

    public int Limit => _limit;

    /// <summary>Items per second that ended in the workload's window.</summary>
    public double Throughput { get; private set; }

    public static BatchSimulation RunFixed(Workload workload, int limit, int seed) => Run(new BatchSimulation(workload, limit, seed));

    public static BatchSimulation RunAuto(Workload workload, int seed) => Run(new BatchSimulation(workload, 0, seed));

    private static BatchSimulation Run(BatchSimulation simulation)
    {
        simulation.Run();
        return simulation;
    }

    private void Run()
    {
        (double from, double to) = _workload.Window;
        long counted = 0;
        while (true)
        {
            StartWhatCan();
            double nextTick = _lastTick + TickSeconds;
            double nextInput = _workload.InputInterval > 0 && _idle.Count > 0 && _running < _limit
                ? (_started + 1) * _workload.InputInterval
                : double.PositiveInfinity;
            _waits.TryPeek(out _, out double nextWait);
            nextWait = _waits.Count > 0 ? nextWait : double.PositiveInfinity;
            double nextCore = _cores.NextTime();
            double nextServed = _server.NextTime();
            double next = Math.Min(Math.Min(nextTick, nextInput), Math.Min(nextWait, Math.Min(nextCore, nextServed)));
            if (next > to)
            {
                break;
            }

            _now = next;
            SimulatedWorker? worker = next == nextCore ? _cores.Leave(_now)
                : next == nextServed ? _server.Leave(_now)
                : next == nextWait ? _waits.Dequeue()
                : null;
            if (worker is not null)
            {
                if (GoOn(worker) && _now >= from)
                {
                    counted += _workload.Chunk;
                }
            }
            else if (next == nextTick)
            {
                Tick();
            }
        }

        Throughput = counted / (to - from);
    }

    private void Tick()
    {
        _cores.Advance(_now);
        double share = (_cores.Work - _lastWork) / (TickSeconds * _workload.Cores);
        _lastWork = _cores.Work;
        _lastTick = _now;
        if (_throttle?.Tick(Ticks(_now), share) is { } change)
        {
            Changes.Add((_now, change));
            _limit = change.NewLimit;
        }
    }

    private void StartWhatCan()
    {
        while (_workers < _limit && _opening < _workload.Cores)
        {
            _workers++;
            _opening++;
            _cores.Enter(new SimulatedWorker(), OpenSeconds, _now);
        }

        while (_idle.Count > 0 && _running < _limit && (_started + 1) * _workload.InputInterval <= _now)
        {
            SimulatedWorker worker = _idle.Pop();
            _running++;
            _started++;
            worker.Item = _workload.Item(_now, _random);
            worker.StageIndex = -1;
            worker.Cpu = 0;
            worker.Token = _throttle?.Started(Ticks(_now)) ?? default;
            GoOn(worker);
        }
    }

    // Takes a worker to its next stage; true if that was the item's end.
    private bool GoOn(SimulatedWorker worker)
    {
        if (worker.IsOpening)
        {
            worker.IsOpening = false;
            _opening--;
            _idle.Push(worker);
            return false;
        }

        while (++worker.StageIndex < worker.Item.Length)
        {
            Stage stage = worker.Item[worker.StageIndex];
            double seconds = stage.Seconds * (worker.HasRun || worker.Holds || stage.Kind == StageKind.Serve ? 1 : _workload.FirstItemFactor);
            switch (stage.Kind)
            {
                case StageKind.Compute:
                    worker.Cpu += seconds;
                    _cores.Enter(worker, seconds, _now);
                    return false;
                case StageKind.Wait:
                    _waits.Enqueue(worker, _now + seconds);
                    return false;
                case StageKind.Serve:
                    _server.Enter(worker, seconds, _now);
                    return false;
                case StageKind.Acquire when _held < _workload.Units:
                    _held++;
                    worker.Holds = true;
                    break;
                case StageKind.Acquire:
                    _acquirers.Enqueue(worker);
                    return false;
                case StageKind.Release when _acquirers.TryDequeue(out SimulatedWorker? next):
                    worker.Holds = false;
                    next.Holds = true;
                    GoOn(next);
                    break;
                case StageKind.Release:
                    worker.Holds = false;
                    _held--;
                    break;
            }
        }

        worker.HasRun = true;
        _running--;
        _idle.Push(worker);
        _throttle?.Finished(worker.Token, Ticks(_now), Ticks(worker.Cpu), _workload.Chunk);
        return true;
    }

    private static long Ticks(double seconds) => (long)(seconds * Frequency);
}
