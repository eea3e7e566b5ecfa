using Switchyard.Core.Telemetry;

namespace Switchyard.Core.Batch;

/// <summary>Tells how far the run is, at most four times a second, whenever the feeding thread comes by.</summary>
internal sealed class ProgressReporter
{
    private static readonly int _interval = (int)ProgressEstimate.UpdateInterval.TotalMilliseconds;

    private readonly Action<RunProgress> _report;
    private readonly Func<RunProgress> _take;
    private long _next = Environment.TickCount64 + _interval;

    /// <summary>Has told nothing yet.</summary>
    /// <param name="report">Told of the progress.</param>
    /// <param name="take">Takes a look.</param>
    public ProgressReporter(Action<RunProgress> report, Func<RunProgress> take)
    {
        _report = report;
        _take = take;
    }

    /// <summary>How long the feeding thread may wait before there is something to tell.</summary>
    public int MillisecondsToNext => (int)Math.Clamp(_next - Environment.TickCount64, 1, _interval);

    /// <summary>Tells, if it is time to.</summary>
    public void ReportIfDue()
    {
        if (Environment.TickCount64 >= _next)
        {
            _next = Environment.TickCount64 + _interval;
            _report(_take());
        }
    }
}
