namespace Switchyard.Core.Policies;

/// <summary>
/// How far a search goes up and down: far at first and where that paid, then less and less. Directions take turns.
/// </summary>
internal sealed class ThrottleSteps(int cores, ThrottleBounds bounds, OpeningCost opening)
{
    /// <summary>The gain, as a share, below which a rise does not pay.</summary>
    public const double LeastGain = 0.03;

    // The loss, as a share, up to which a fall pays.
    private const double FallLoss = 0.02;

    private const double Largest = 2;
    private const double Smallest = 1.25;
    private const double Settled = 1.3;

    // Where the utilisation law leaves so much room that doubling would only take longer.
    private const double Leap = 4;
    private const double LeapRoom = 8;

    private const double BusyCpuShare = 0.7;
    private const double Harmless = 0.95;

    private double _up = Largest;
    private double _down = Largest;
    private double _upGain = 1;
    private bool _upNext = true;
    private int _rejected;
    private bool _isNear;

    /// <summary>Whether both directions were tried with the finest step.</summary>
    public bool AreFinest => _up <= Settled && _down <= Settled;

    /// <summary>What a fall to a limit must keep of the throughput, as a factor.</summary>
    /// <remarks>Workers up to the number of cores cost little, and are wanted once what keeps them from computing goes away.</remarks>
    public double LeastKept(int limit) => limit < cores ? 1 + FallLoss : 1 - FallLoss;

    /// <summary>
    /// Starts anew. If not the items but only their speed has changed, the machine may be busy with something else for a moment, and a
    /// low limit chosen then would cost most.
    /// </summary>
    public void Reset(bool isOtherWork)
    {
        _up = Largest;
        _down = isOtherWork ? Largest : Settled;
        _upGain = 1;
        _rejected = 0;
        _isNear = false;
    }

    /// <summary>Notes that the limit is about right.</summary>
    public void Leapt()
    {
        _up = _down = Math.Sqrt(Largest);
        _isNear = true;
    }

    public void Accept(double growth, double gain)
    {
        _rejected = 0;
        _upNext = growth > 1;
        if (growth < 1)
        {
            _down = Math.Min(Largest, gain > 1 + LeastGain ? _down * Settled : Math.Max(_down, 1 / growth));
        }
        else if (gain > 1 + ((growth - 1) / 2))
        {
            // Most of what could be gained was: the best is far.
            _up = Math.Min(Largest, Math.Max(_up, growth) * growth);
        }
    }

    /// <summary>Notes that a trial did not pay, and tells whether it was one of the finest.</summary>
    public bool Reject(int limit, double growth, double gain)
    {
        _rejected = limit;
        ref double step = ref growth > 1 ? ref _up : ref _down;
        bool wasFinest = step <= Settled;
        step = Math.Max(Smallest, Math.Sqrt(step));
        if (growth > 1)
        {
            _upGain = gain;
        }

        return wasFinest;
    }

    /// <summary>The next limit to try; the present one if none is left. While the search rests, only to see whether things have changed.</summary>
    public int Next(in ThrottleMeasurement from, bool resting, double cpuShare, bool isSaturated = false)
    {
        for (int i = 0; i < 2; i++)
        {
            bool up = _upNext;
            _upNext = !up;
            int candidate = !up ? Below(from, resting) : isSaturated && from.Limit >= cores ? from.Limit : Above(from, resting, cpuShare);
            if (candidate != from.Limit)
            {
                return candidate;
            }
        }

        return from.Limit;
    }

    private int Above(in ThrottleMeasurement from, bool resting, double cpuShare)
    {
        int limit = from.Limit;
        double step = _up;
        if (resting)
        {
            step = cpuShare < BusyCpuShare && _upGain > Harmless ? Largest : Settled;
        }
        else if (step >= Largest && !_isNear && cores > LeapRoom * limit * from.CpuShare)
        {
            step = Leap;
        }

        int candidate = Math.Min(Math.Max(limit + 1, (int)Math.Round(limit * step)), bounds.Highest);
        if (!opening.MayPay(limit, candidate, from.Throughput, cpuShare))
        {
            candidate = Math.Max(limit, opening.Opened);
        }

        bool pays = candidate > limit && bounds.CoresAllow((1 + LeastGain) * from.Throughput, from.Cpu);
        if (pays && (resting || candidate != _rejected))
        {
            return candidate;
        }

        _up = Smallest;
        return limit;
    }

    private int Below(in ThrottleMeasurement from, bool resting)
    {
        int limit = from.Limit;
        double step = resting ? Settled : _down;
        while (true)
        {
            int candidate = Math.Min(limit - 1, (int)Math.Round(limit / step));
            if (candidate >= 1 && (resting || candidate != _rejected)
                && bounds.MayQueue(candidate, from)
                && bounds.PlacesAllow(candidate, LeastKept(candidate) * from.Throughput, from.Cpu))
            {
                return candidate;
            }

            if (step <= Settled)
            {
                _down = Smallest;
                return limit;
            }

            step = _down = Math.Max(Smallest, Math.Sqrt(step));
        }
    }
}
