using System.Management.Automation;
using Switchyard.Core.Batch;
using Switchyard.Engine;
using Switchyard.Errors;
using Switchyard.Core.Items;
using Switchyard.Streams;

namespace Switchyard.Commands;

/// <summary>A batch that runs with its pipeline: what its items write is written there as it comes.</summary>
internal sealed class PipelineBatch : IBatchFront
{
    private readonly BatchCommandBase _command;
    private readonly IResultSink _sink;
    private readonly ResultWriter? _results;
    private readonly ProgressWriter? _progress;
    private readonly BatchRun _run;
    private RunOutcome? _outcome;
    private bool _skipsRest;
    private long _skipped;

    /// <summary>Starts the run.</summary>
    /// <param name="command">The command in whose pipeline it runs.</param>
    /// <param name="options">What the caller wants of the run.</param>
    /// <param name="work">What it runs.</param>
    public PipelineBatch(BatchCommandBase command, BatchOptions options, BatchWork work)
    {
        _command = command;
        PipelineWriter writer = new(command, command.ItemTimeoutSeconds);
        _results = options.CollectResults
            ? new ResultWriter(writer, command.ItemTimeoutSeconds, work.WritesBytes, command.StopsOnError ? () => _run!.Cancel() : null)
            : null;
        _sink = (IResultSink?)_results ?? writer;
        _progress = command.ShowsProgress ? new ProgressWriter(command.WriteProgress, command.Activity, command.ExpectedTotal) : null;
        _run = new BatchRun(options with { Progress = _progress is null ? null : _progress.Show }, work.Workers, TimeProvider.System);
    }

    /// <inheritdoc/>
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
            isAdded = _run.Add(input, _sink);
        }
        catch
        {
            // What follows this command wants no more, or an error was to stop it.
            EndEarly();
            throw;
        }

        return isAdded || TryGoOnWithout(input);
    }

    /// <inheritdoc/>
    public bool AddSource(IInputSource source) => _skipsRest || _run.AddSource(source);

    /// <inheritdoc/>
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

    /// <inheritdoc/>
    public void Stop() => _run.Cancel();

    /// <inheritdoc/>
    public void Dispose() => _run.Dispose();

    /// <summary>Finishes a run that takes no more.</summary>
    /// <returns>Whether the rest of the input is still wanted, to be accounted for.</returns>
    private bool TryGoOnWithout(object? input)
    {
        Complete();
        _outcome = _run.Close();

        // A deadline or a stop is not to be waited out; after too many failures the rest can still be told of.
        _skipsRest = _outcome.End == RunEnd.TooManyFailures && _results is not null;
        if (_skipsRest)
        {
            _run.WriteRest(_sink);
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
        _sink.Complete(_run.Skip(input));
    }

    private void Complete()
    {
        try
        {
            _run.Complete(_sink);
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
        if (!_command.Stopping)
        {
            // A script that goes on after this would have the display before its eyes until it ends.
            _progress?.Complete();
        }

        WarnOfAbandoned(outcome);
    }

    private void Finish(RunOutcome outcome, bool isInputRead)
    {
        _progress?.Complete();
        WarnOfAbandoned(outcome);
        if (outcome.End == RunEnd.Canceled && _results?.StoppedBy is null)
        {
            throw new PipelineStoppedException();
        }

        _run.WriteRest(_sink);
        if (outcome.DoneBefore > 0)
        {
            _command.WriteVerbose(RunErrors.DoneBefore(outcome.DoneBefore, outcome.Read));
        }

        if (_results?.StoppedBy is { } error)
        {
            // It stops the pipeline as it does without results: as the body's own error, which a thrown one would not stay.
            if (error.InvocationInfo is not null)
            {
                EngineErrors.PreserveInvocationInfo(error);
            }

            _command.WriteError(error);
        }

        switch (outcome.End)
        {
            case RunEnd.TimedOut:
                _command.WriteError(RunErrors.RunTimedOut(_command.TimeoutSeconds, outcome));
                break;
            case RunEnd.TooManyFailures when outcome.Skipped > 0 || !isInputRead:
                _command.WriteError(RunErrors.TooManyFailures(_command.MaxFailures, outcome));
                break;
            case RunEnd.Failed:
                _command.ThrowTerminatingError(RunErrors.RunFailed(outcome.Failure!));
                break;
        }
    }

    private void WarnOfAbandoned(RunOutcome outcome)
    {
        if (outcome.Abandoned == 0)
        {
            return;
        }

        string warning = RunErrors.AbandonedWorkers(outcome.Abandoned);
        if (_command.Stopping)
        {
            // A stopping pipeline writes nothing more; the person who stopped it should still know.
            _command.Host.UI.WriteWarningLine(warning);
        }
        else
        {
            _command.WriteWarning(warning);
        }
    }
}
