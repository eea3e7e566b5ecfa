using Switchyard.Control;
using Switchyard.Core.Batch;
using Switchyard.Errors;
using Switchyard.Streams;

namespace Switchyard.Commands;

/// <summary>A batch that runs with its pipeline: what its items write is written there as it comes.</summary>
internal sealed class PipelineBatch : IBatchFront
{
    private readonly PSCmdlet _cmdlet;
    private readonly PipelineWriter _writer;
    private readonly RunReport _report;
    private readonly ProgressWriter? _progress;
    private readonly BatchRun _run;
    private RunOutcome? _outcome;
    private bool _skipsRest;
    private long _skipped;

    public PipelineBatch(PSCmdlet cmdlet, ReportSettings settings, BatchOptions options, IWorkerFactory workers)
    {
        _cmdlet = cmdlet;

        // With a journal, what has ended has succeeded for good: it is handed on before an error ends the pipeline.
        bool keepsError = settings.StopsOnError && options.Journal is not null;
        _writer = new PipelineWriter(cmdlet, settings.ItemTimeoutSeconds, keepsError ? () => _run!.Cancel() : null);
        _report = new RunReport(_writer, settings, () => _run!.Cancel());
        _progress = settings.ShowsProgress ? new ProgressWriter(cmdlet.WriteProgress, settings) : null;
        _run = new BatchRun(options with { Progress = _progress is null ? null : _progress.Show, WantsNoMore = _writer.WantsNoMore }, workers, TimeProvider.System);
        BatchHub.Show(_run, settings.Activity, settings.Work, () => settings.Total.Value);
    }

    public bool Add(object? input)
    {
        if (_skipsRest)
        {
            Skip(input);
            return true;
        }

        bool isAdded;
        try
        {
            isAdded = _run.Add(input, _report.Sink);
        }
        catch
        {
            // What follows this command wants no more, or an error was to stop it.
            EndEarly();
            throw;
        }

        return isAdded || TryGoOnWithout(input);
    }

    public bool AddSource(IInputSource source) => _skipsRest || _run.AddSource(source);

    public void End()
    {
        if (!_skipsRest)
        {
            Complete();
            Finish(_run.Close(), isInputRead: true);
        }
        else if (_skipped > 0)
        {
            Finish(_outcome! with { Read = _outcome.Read + _skipped, Skipped = _outcome.Skipped + _skipped }, isInputRead: true);
        }
    }

    public void Stop() => _run.Cancel();

    public void Dispose() => _run.Dispose();

    /// <summary>Finishes a run that takes no more.</summary>
    /// <returns>Whether the rest of the input is still wanted, to be accounted for.</returns>
    private bool TryGoOnWithout(object? input)
    {
        Complete();
        _outcome = _run.Close();

        // A deadline or a stop ends the command at once; after too many failures each remaining item still gets its result.
        _skipsRest = _report.AccountsForRest(_outcome);
        if (_skipsRest)
        {
            _run.WriteRest(_report.Sink);
            Skip(input);
        }
        else
        {
            Finish(_outcome, isInputRead: false);
        }

        return _skipsRest;
    }

    private void Skip(object? input)
    {
        _skipped++;
        _report.Sink.Complete(_run.Skip(input));
    }

    private void Complete()
    {
        try
        {
            _run.Complete(_report.Sink);
        }
        catch
        {
            EndEarly();
            throw;
        }
    }

    private void EndEarly()
    {
        RunOutcome outcome = _run.Close();
        _run.Dispose();
        if (_cmdlet.Stopping)
        {
            WarnHostOfAbandoned(outcome);
            return;
        }

        // A script that goes on after this would otherwise show the progress until it ends.
        _progress?.Complete();
        _report.WriteAbandoned(outcome);
    }

    private void Finish(RunOutcome outcome, bool isInputRead)
    {
        if (_cmdlet.Stopping)
        {
            WarnHostOfAbandoned(outcome);
        }
        else
        {
            _progress?.Complete();
            _report.WriteAbandoned(outcome);
        }

        if (outcome.End == RunEnd.Canceled && (_writer.StoppedBy ?? _report.StoppedBy) is null)
        {
            _run.Dispose();
            throw new PipelineStoppedException();
        }

        _report.WriteRest(_run, outcome);
        if ((_writer.StoppedBy ?? _report.StoppedBy) is { } stoppedBy)
        {
            // It stops the pipeline as it does without results: as the body's own error, which a thrown one would not stay.
            _writer.WriteLast(stoppedBy);
        }

        if (_report.ErrorOf(outcome, isInputRead) is not { } error)
        {
            return;
        }

        if (outcome.End is RunEnd.Failed or RunEnd.Stopped)
        {
            _cmdlet.ThrowTerminatingError(error);
        }

        _cmdlet.WriteError(error);
    }

    // A stopping pipeline writes nothing more; the person who stopped it should still know.
    private void WarnHostOfAbandoned(RunOutcome outcome)
    {
        if (outcome.Abandoned > 0)
        {
            _cmdlet.Host.UI.WriteWarningLine(RunErrors.AbandonedWorkers(outcome.Abandoned));
        }
    }
}
