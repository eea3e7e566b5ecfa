using Switchyard.Core.Batch;
using Switchyard.Errors;

namespace Switchyard.Streams;

/// <summary>How a run's results and its end are reported, in a pipeline and by a job alike.</summary>
internal sealed class RunReport
{
    private readonly IResultSink _streams;
    private readonly ReportSettings _settings;
    private readonly ResultWriter? _results;

    public RunReport(IResultSink streams, ReportSettings settings, Action stop)
    {
        _streams = streams;
        _settings = settings;
        _results = settings.WritesResults
            ? new ResultWriter(streams, settings.ItemTimeoutSeconds, settings.JoinsBytes, settings.StopsOnError ? stop : null)
            : null;
    }

    public IResultSink Sink => (IResultSink?)_results ?? _streams;

    /// <summary>The error in a result that stopped the run.</summary>
    public ErrorRecord? StoppedBy => _results?.StoppedBy;

    /// <summary>Whether input that the run takes no more is to be reported as skipped.</summary>
    public bool AccountsForRest(RunOutcome outcome) => _results is not null && outcome.End == RunEnd.TooManyFailures;

    /// <summary>Says what came of workers that did not stop.</summary>
    public void WriteAbandoned(RunOutcome outcome)
    {
        if (outcome.Abandoned > 0)
        {
            Write(RecordKind.Warning, new WarningRecord(RunErrors.AbandonedWorkers(outcome.Abandoned)));
        }
    }

    /// <summary>Writes what the run still holds, and how many items its journal had as done.</summary>
    public void WriteRest(BatchRun run, RunOutcome outcome)
    {
        run.WriteRest(Sink);
        if (outcome.Unsummed > 0 && outcome.End is not (RunEnd.Completed or RunEnd.TooManyFailures))
        {
            Write(RecordKind.Warning, new WarningRecord(MessageText.Format(Messages.SumsNotWritten, outcome.Unsummed)));
        }

        if (outcome.DoneBefore > 0)
        {
            Write(RecordKind.Verbose, new VerboseRecord(RunErrors.DoneBefore(outcome.DoneBefore, outcome.Read)));
        }

        if (outcome.OutputsLost > 0)
        {
            _streams.Write(RunNotices.OutputsLost(outcome.OutputsLost));
        }

        if (outcome.Unmatched > 0)
        {
            Write(RecordKind.Warning, new WarningRecord(MessageText.Format(Messages.JournalUnmatched, outcome.Unmatched)));
        }
    }

    /// <summary>The error for a run that ended early.</summary>
    /// <returns>The error; null if no item was left out for it, or the run was stopped.</returns>
    public ErrorRecord? ErrorOf(RunOutcome outcome, bool isInputRead) => outcome.End switch
    {
        RunEnd.TimedOut => RunErrors.RunTimedOut(_settings.TimeoutSeconds, outcome),
        RunEnd.TooManyFailures when outcome.Skipped > 0 || !isInputRead => RunErrors.TooManyFailures(_settings.MaxFailures, outcome),
        RunEnd.Stopped => RunErrors.BatchStopped(outcome),
        RunEnd.Failed => RunErrors.RunFailed(outcome.Failure!),
        _ => null,
    };

    private void Write(RecordKind kind, object record) => _streams.Write(new ItemRecord(ItemRecord.NoItem, kind, record));
}
