using System.Runtime.CompilerServices;
using Switchyard.Core.Telemetry;

namespace Switchyard.Streams;

/// <summary>Shows a run's progress the way PowerShell shows progress.</summary>
internal sealed class ProgressWriter
{
    private readonly Action<ProgressRecord> _write;
    private readonly string _activity;
    private readonly long? _total;
    private readonly Func<IReadOnlyList<HostProgress>>? _hosts;
    private readonly ProgressEstimate _estimate;

    // One of its own for each run, so that nested batches do not overwrite each other's line.
    private readonly int _id;
    private bool _hasWritten;
    private int _hostCount;

    /// <summary>Has shown nothing yet.</summary>
    /// <param name="total">How many items are expected; null if that is not known.</param>
    /// <param name="hosts">Tells how far each machine is, to be shown in a line of its own; null for none.</param>
    public ProgressWriter(Action<ProgressRecord> write, string activity, long? total, Func<IReadOnlyList<HostProgress>>? hosts = null)
    {
        _hosts = hosts;
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
        IReadOnlyList<HostProgress> hosts = _hosts?.Invoke() ?? [];
        _hostCount = Math.Max(_hostCount, hosts.Count);
        for (int i = 0; i < hosts.Count; i++)
        {
            _write(new ProgressRecord(_id + 1 + i, hosts[i].Name, TextOf(hosts[i])) { ParentActivityId = _id });
        }
    }

    public void Complete()
    {
        if (_hasWritten)
        {
            _hasWritten = false;
            for (int i = 0; i < _hostCount; i++)
            {
                _write(new ProgressRecord(_id + 1 + i, _activity, _estimate.StatusText) { ParentActivityId = _id, RecordType = ProgressRecordType.Completed });
            }

            _write(new ProgressRecord(_id, _activity, _estimate.StatusText) { RecordType = ProgressRecordType.Completed });
        }
    }

    private static string TextOf(HostProgress host) =>
        MessageText.Format(host.IsLost ? Messages.HostProgressLost : Messages.HostProgress, host.Done, host.Workers);
}
