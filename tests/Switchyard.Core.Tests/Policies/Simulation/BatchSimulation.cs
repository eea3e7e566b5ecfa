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
    private const double StartTickSeconds = 0.015;

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
    private int _opened;
    private int _begun;
    private double _warmCpu;
    private int _running;
    private int _held;
    private SimulatedWorker? _partner;
    private long _started;
    private long _ended;

    private BatchSimulation(Workload workload, int limit, int seed, AutoThrottle? throttle = null)
    {
        _workload = workload;
        _random = new Random(seed);
        _throttle = throttle;
        _limit = throttle?.Limit ?? limit;

        _cores = new SharedStation(n => Math.Min(1, (workload.Cores - workload.Taken(_now)) / n));
        _server = new SharedStation(workload.ServerSpeed);
    }

    /// <summary>Changes of the limit, with their times in seconds.</summary>
    public List<(double Time, ThrottleChange Change)> Changes { get; } = [];

    public int Limit => _limit;

    /// <summary>Items per second that ended in the workload's window.</summary>
    public double Throughput { get; private set; }

    /// <summary>When the last item ended, in seconds, of a workload that has a number of them.</summary>
    public double Elapsed { get; private set; }

    public static BatchSimulation RunFixed(Workload workload, int limit, int seed) => Run(new BatchSimulation(workload, limit, seed));

    public static BatchSimulation RunAuto(Workload workload, int seed, int? initial = null) =>
        Run(new BatchSimulation(workload, 0, seed, new AutoThrottle(workload.Cores, workload.Ceiling, Frequency, 0, initial)));

    private static BatchSimulation Run(BatchSimulation simulation)
    {
        simulation.Run();
        return simulation;
    }

    private void Run()
    {
        (double from, double to) = _workload.Window;
        long counted = 0;
        while (_ended < _workload.Count)
        {
            StartWhatCan();
            double nextTick = _lastTick + (_throttle?.IsStarting(Ticks(_now)) == true ? StartTickSeconds : TickSeconds);
            double nextInput = _workload.InputInterval > 0 && _idle.Count > 0 && _running < _limit && _started < _workload.Count
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
                worker.RunQueue += next == nextCore ? _now : 0;
                long before = _ended;
                GoOn(worker);
                counted += _now >= from ? (_ended - before) * _workload.Chunk : 0;
            }
            else if (next == nextTick)
            {
                Tick();
            }
        }

        Throughput = counted / (to - from);
        Elapsed = _now;
    }

    private void Tick()
    {
        _cores.Advance(_now);
        double share = (_cores.Work - _lastWork) / ((_now - _lastTick) * _workload.Cores);
        double itemShare = share - (_opened * OpenSeconds / ((_now - _lastTick) * _workload.Cores));
        _opened = 0;
        _throttle?.NoteWorkers(Ticks(_now), share, _warmCpu, 0, _begun, _opening > 0, _workload.Count - _ended);
        _warmCpu = 0;
        _lastWork = _cores.Work;
        _lastTick = _now;
        if (_throttle?.Tick(Ticks(_now), share, Math.Max(0, itemShare)) is { } change)
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

        while (_idle.Count > 0 && _running < _limit && _started < _workload.Count
            && (_started + 1) * _workload.InputInterval <= _now)
        {
            SimulatedWorker worker = _idle.Pop();
            _running++;
            worker.Item = _workload.ItemAt(_started++, _now, _random);
            if (!worker.HasRun && _workload.FirstItemCpu > 0)
            {
                worker.Item = [new Stage(StageKind.Compute, _workload.FirstItemCpu), .. worker.Item];
            }

            if (!worker.HasRun && _workload.FirstItemWait > 0)
            {
                worker.Item = [new Stage(StageKind.Wait, _workload.FirstItemWait), .. worker.Item];
            }

            _begun += worker.HasRun ? 0 : 1;
            worker.StageIndex = -1;
            worker.Cpu = 0;
            worker.RunQueue = 0;
            worker.Token = _throttle?.Started(Ticks(_now)) ?? default;
            GoOn(worker);
        }
    }

    // Takes a worker to its next stage.
    private void GoOn(SimulatedWorker worker)
    {
        if (worker.IsOpening)
        {
            worker.IsOpening = false;
            _opening--;
            _opened++;
            _idle.Push(worker);
            return;
        }

        while (++worker.StageIndex < worker.Item.Length)
        {
            Stage stage = worker.Item[worker.StageIndex];
            double seconds = stage.Seconds * (worker.HasRun || worker.Holds || stage.Kind == StageKind.Serve ? 1 : _workload.FirstItemFactor);
            switch (stage.Kind)
            {
                case StageKind.Compute:
                    worker.Cpu += seconds;
                    worker.RunQueue -= _now + seconds;
                    _cores.Enter(worker, seconds, _now);
                    return;
                case StageKind.Wait:
                    _waits.Enqueue(worker, _now + seconds);
                    return;
                case StageKind.Serve:
                    _server.Enter(worker, seconds, _now);
                    return;
                case StageKind.Meet when _partner is { } partner:
                    _partner = null;
                    GoOn(partner);
                    break;
                case StageKind.Meet:
                    _partner = worker;
                    return;
                case StageKind.Acquire when _held < _workload.Units:
                    _held++;
                    worker.Holds = true;
                    break;
                case StageKind.Acquire:
                    _acquirers.Enqueue(worker);
                    return;
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

        _warmCpu += worker.HasRun ? worker.Cpu : 0;
        worker.HasRun = true;
        _running--;
        _ended++;
        _idle.Push(worker);
        _throttle?.Finished(worker.Token, Ticks(_now), Ticks(worker.Cpu), _workload.Chunk, _workload.TellsRunQueue ? Ticks(worker.RunQueue) : 0);
    }

    private static long Ticks(double seconds) => (long)(seconds * Frequency);
}
