using System.Management.Automation;
using Switchyard.Errors;
using Switchyard.Core.Items;
using Switchyard.Streams;
using Switchyard.Core.Telemetry;

namespace Switchyard.Jobs;

/// <summary>Writes records to a job's streams, which keep them until they are received.</summary>
internal sealed class JobWriter : IResultSink
{
    private readonly Job _job;
    private readonly BatchJobSettings _settings;
    private readonly Action _stop;
    private readonly ResultWriter? _results;
    private readonly ProgressWriter _progress;
    private ProgressRecord? _latestProgress;
    private bool _isStoppedByError;

    /// <summary>Creates the writer.</summary>
    /// <param name="job">The job.</param>
    /// <param name="settings">How it reports.</param>
    /// <param name="collectsResults">Whether it writes results instead of output.</param>
    /// <param name="stop">Stops its run.</param>
    public JobWriter(Job job, BatchJobSettings settings, bool collectsResults, Action stop)
    {
        _job = job;
        _settings = settings;
        _stop = stop;
        _results = collectsResults ? new ResultWriter(this, settings.ItemTimeoutSeconds, settings.JoinsBytes, settings.StopsOnError ? stop : null) : null;
        _progress = new ProgressWriter(KeepLatest, settings.Activity, settings.Total);
    }

    /// <summary>Where the run's records go.</summary>
    public IResultSink Sink => _results is null ? this : _results;

    /// <summary>Whether an error stopped the run, and not a person.</summary>
    public bool IsStoppedByError => _isStoppedByError || _results?.StoppedBy is not null;

    /// <summary>Writes a record to the stream that it came from.</summary>
    /// <param name="record">The record.</param>
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
                _job.Warning.Add((WarningRecord)record.Value!);
                break;
            case RecordKind.Verbose:
                _job.Verbose.Add((VerboseRecord)record.Value!);
                break;
            case RecordKind.Debug:
                _job.Debug.Add((DebugRecord)record.Value!);
                break;
            case RecordKind.Information:
                _job.Information.Add((InformationRecord)record.Value!);
                break;
            case RecordKind.Progress:
                _job.Progress.Add((ProgressRecord)record.Value!);
                break;
            default:
                throw new InvalidOperationException($"A record of kind {record.Kind} is not for a job.");
        }
    }

    /// <inheritdoc/>
    public void Complete(ItemResult result)
    {
        if (result.Status == ItemStatus.TimedOut)
        {
            WriteError(Sign(RunErrors.ItemTimedOut(result.Input, result.Duration, _settings.ItemTimeoutSeconds)));
        }
    }

    /// <summary>Keeps the run's progress.</summary>
    /// <param name="progress">How far it is.</param>
    public void ShowProgress(RunProgress progress) => _progress.Show(progress);

    /// <summary>Says how the run ended, after everything else.</summary>
    /// <param name="error">What ended it early; null if nothing did.</param>
    public void Close(ErrorRecord? error)
    {
        _progress.Complete();
        if (error is not null)
        {
            _job.Error.Add(Sign(error));
        }
        else if (_results?.StoppedBy is { } last)
        {
            _job.Error.Add(last);
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
        if (_isStoppedByError)
        {
            // Those of items that had run ahead. A pipeline would not have come to them either.
            return;
        }

        _job.Error.Add(error.InvocationInfo is null ? Sign(error) : error);
        if (_settings.StopsOnError && error.Exception is not StandardErrorException)
        {
            _isStoppedByError = true;
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
