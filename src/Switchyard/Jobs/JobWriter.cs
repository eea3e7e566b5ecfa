using Switchyard.Core.Telemetry;
using Switchyard.Streams;

namespace Switchyard.Jobs;

/// <summary>Writes records to a job's streams, which keep them until they are received.</summary>
internal sealed class JobWriter : IResultSink
{
    private readonly Job _job;
    private readonly ReportSettings _settings;
    private readonly Action _stop;
    private readonly ProgressWriter _progress;
    private ProgressRecord? _latestProgress;

    public JobWriter(Job job, ReportSettings settings, Action stop)
    {
        _job = job;
        _settings = settings;
        _stop = stop;
        _progress = new ProgressWriter(KeepLatest, settings with { Hosts = null });
    }

    /// <summary>Whether an error stopped the run, and not a person.</summary>
    public bool IsStoppedByError { get; private set; }

    /// <summary>Writes a record to the stream that it came from.</summary>
    public void Write(in ItemRecord record)
    {
        switch (record.Kind)
        {
            case RecordKind.Output:
                _job.Output.Add(record.Value as PSObject ?? (record.Value is null ? null! : PSObject.AsPSObject(record.Value)));
                break;
            case RecordKind.Error:
                WriteError((ErrorRecord)record.Value!);
                break;
            case RecordKind.Warning:
                _job.Warning.Add((WarningRecord)ShownRecord.Unwrap(record.Value!));
                break;
            case RecordKind.Verbose:
                _job.Verbose.Add((VerboseRecord)ShownRecord.Unwrap(record.Value!));
                break;
            case RecordKind.Debug:
                _job.Debug.Add((DebugRecord)ShownRecord.Unwrap(record.Value!));
                break;
            case RecordKind.Information:
                _job.Information.Add((InformationRecord)ShownRecord.Unwrap(record.Value!));
                break;
            case RecordKind.Progress:
                _job.Progress.Add((ProgressRecord)record.Value!);
                break;
            default:
                throw new InvalidOperationException($"A record of kind {record.Kind} is not for a job.");
        }
    }

    public void Complete(ItemResult result)
    {
        if (ItemErrors.Of(result, _settings.ItemTimeoutSeconds) is { } error)
        {
            WriteError(Sign(error));
        }
    }

    public void ShowProgress(RunProgress progress) => _progress.Show(progress);

    /// <summary>Says how the run ended, after everything else.</summary>
    /// <param name="error">What ended it early; null if nothing did.</param>
    /// <param name="stoppedBy">The error in a result that stopped it; null if none did.</param>
    public void Close(ErrorRecord? error, ErrorRecord? stoppedBy)
    {
        _progress.Complete();
        if (error is not null)
        {
            _job.Error.Add(Sign(error));
        }
        else if (stoppedBy is not null)
        {
            _job.Error.Add(stoppedBy);
        }
    }

    // Written by no cmdlet, it would be shown under the name of its category.
    private ErrorRecord Sign(ErrorRecord error)
    {
        error.CategoryInfo.Activity = _settings.Activity;
        return error;
    }

    private void WriteError(ErrorRecord error)
    {
        if (IsStoppedByError)
        {
            // Those of items that had run ahead. A pipeline would not have come to them either.
            return;
        }

        _job.Error.Add(error.InvocationInfo is null ? Sign(error) : error);
        if (_settings.StopsOnError && error.Exception is not StandardErrorException)
        {
            IsStoppedByError = true;
            _stop();
        }
    }

    // A job that runs for days would keep a million of them until it is received.
    private void KeepLatest(ProgressRecord record)
    {
        if (_latestProgress is not null)
        {
            _job.Progress.Remove(_latestProgress);
        }

        _latestProgress = record;
        _job.Progress.Add(record);
    }
}
