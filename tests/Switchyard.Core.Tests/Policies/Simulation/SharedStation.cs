namespace Switchyard.Core.Policies.Simulation;

/// <summary>Serves all who are present at once, at a speed that depends on how many they are (processor sharing).</summary>
/// <param name="speed">How fast each of n is served, against one alone.</param>
internal sealed class SharedStation(Func<int, double> speed)
{
    private readonly PriorityQueue<SimulatedWorker, double> _present = new();
    private double _served;
    private double _last;

    /// <summary>Service given in all, in seconds of one alone.</summary>
    public double Work { get; private set; }

    /// <summary>Whom service has reached the end of: the next to leave.</summary>
    public SimulatedWorker Next => _present.Peek();

    public void Enter(SimulatedWorker worker, double seconds, double now)
    {
        Advance(now);
        _present.Enqueue(worker, _served + seconds);
    }

    public SimulatedWorker Leave(double now)
    {
        Advance(now);
        return _present.Dequeue();
    }

    /// <summary>When the next one leaves, if none comes before.</summary>
    public double NextTime()
    {
        double rate = _present.Count == 0 ? 0 : speed(_present.Count);
        return _present.TryPeek(out _, out double end) && rate > 0 ? _last + (Math.Max(0, end - _served) / rate) : double.PositiveInfinity;
    }

    public void Advance(double now)
    {
        if (_present.Count > 0)
        {
            double served = (now - _last) * speed(_present.Count);
            _served += served;
            Work += served * _present.Count;
        }

        _last = now;
    }
}
