using Switchyard.Core.Telemetry;

namespace Switchyard.Core.Batch;

/// <summary>Reports how far the run is, at most four times a second, whenever the pump asks it to.</summary>
internal sealed class ProgressReporter(Action<RunProgress> report, Func<RunProgress> read)
{
    private static readonly int _interval = (int)ProgressEstimate.UpdateInterval.TotalMilliseconds;

    private long _next = Environment.TickCount64 + _interval;

    /// <summary>How long the pump may wait before there is something to report.</summary>
    public int MillisecondsToNext => (int)Math.Clamp(_next - Environment.TickCount64, 1, _interval);

    public void ReportIfDue()
    {
        if (Environment.TickCount64 >= _next)
        {
            _next = Environment.TickCount64 + _interval;
            report(read());
        }
    }
}
