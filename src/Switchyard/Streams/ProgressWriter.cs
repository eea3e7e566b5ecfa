using System.Runtime.CompilerServices;
using Switchyard.Core.Telemetry;

namespace Switchyard.Streams;

/// <summary>Shows a run's progress the way PowerShell shows progress.</summary>
internal sealed class ProgressWriter
{
    private readonly Action<ProgressRecord> _write;
    private readonly string _activity;
    private readonly long? _total;
    private readonly ProgressEstimate _estimate;

    // One of its own for each run, so that nested batches do not overwrite each other's line.
    private readonly int _id;
    private bool _hasWritten;

    /// <summary>Has shown nothing yet.</summary>
    /// <param name="total">How many items are expected; null if that is not known.</param>
    public ProgressWriter(Action<ProgressRecord> write, string activity, long? total)
    {
        _write = write;
        _activity = activity;
        _total = total;
        _estimate = new ProgressEstimate();
        _id = RuntimeHelpers.GetHashCode(this);
    }

    public void Show(RunProgress progress)
    {
        _estimate.Update(progress with { Total = _total });
        ProgressRecord record = new(_id, _activity, _estimate.StatusText)
        {
            // The later end of the range: better early than late.
            PercentComplete = _estimate.Percent ?? -1,
            SecondsRemaining = _estimate.TimeLeft is { } left ? (int)Math.Min(left.High.TotalSeconds, int.MaxValue) : -1,
        };
        if (_estimate.EtaText is { Length: > 0 } text)
        {
            record.CurrentOperation = text;
        }

        _write(record);
        _hasWritten = true;
    }

    public void Complete()
    {
        if (_hasWritten)
        {
            _hasWritten = false;
            _write(new ProgressRecord(_id, _activity, _estimate.StatusText) { RecordType = ProgressRecordType.Completed });
        }
    }
}
