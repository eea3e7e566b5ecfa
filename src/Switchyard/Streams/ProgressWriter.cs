using System.Runtime.CompilerServices;
using Switchyard.Core.Telemetry;

namespace Switchyard.Streams;

/// <summary>Shows a run's progress the way PowerShell shows progress.</summary>
internal sealed class ProgressWriter
{
    private readonly Action<ProgressRecord> _write;
    private readonly string _activity;
    private readonly ExpectedTotal _total;
    private readonly ProgressLook? _look;
    private readonly Func<IReadOnlyList<HostProgress>>? _hosts;
    private readonly ProgressEstimate _estimate;

    // One of its own for each run, so that nested batches do not overwrite each other's line.
    private readonly int _id;
    private bool _hasWritten;
    private int _hostCount;

    /// <summary>Has shown nothing yet.</summary>
    /// <param name="settings">What it is the progress of, how many items are expected, and how the host shows it.</param>
    public ProgressWriter(Action<ProgressRecord> write, ReportSettings settings)
    {
        _hosts = settings.Hosts;
        _write = write;
        _activity = settings.Activity;
        _total = settings.Total;
        _look = settings.Look;
        _estimate = new ProgressEstimate();
        _id = RuntimeHelpers.GetHashCode(this);
    }

    public void Show(RunProgress progress)
    {
        _estimate.Update(progress with { Total = _total.Value });
        ProgressRecord record = _look is null ? FullRecord() : LineRecord(_look, progress.Failed);
        record.PercentComplete = _estimate.Percent ?? -1;
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

    private ProgressRecord FullRecord()
    {
        ProgressRecord record = new(_id, _activity, _estimate.StatusText)
        {
            // The later end of the range: better early than late.
            SecondsRemaining = _estimate.TimeLeft is { } left ? (int)Math.Min(left.High.TotalSeconds, int.MaxValue) : -1,
        };
        if (_estimate.EtaText is { Length: > 0 } text)
        {
            record.CurrentOperation = text;
        }

        return record;
    }

    private ProgressRecord LineRecord(ProgressLook look, long failed)
    {
        string activity = failed > 0 ? look.WithFailures(_activity, ProgressText.Failed(failed, CultureInfo.CurrentCulture)) : _activity;
        return new ProgressRecord(_id, activity, _estimate.LineText);
    }

    private static string TextOf(HostProgress host) =>
        MessageText.Format(host.IsLost ? Messages.HostProgressLost : Messages.HostProgress, host.Done, host.Workers);
}
