using System.Management.Automation.Runspaces;
using Switchyard.Control;
using Switchyard.Core.Batch;
using Switchyard.Core.Telemetry;
using Switchyard.Errors;
using Switchyard.Streams;

namespace Switchyard.Jobs;

/// <summary>
/// A batch as a job: it takes input without limit and keeps output until it is received, so that its pipeline never waits.
/// </summary>
public sealed class BatchJob : Job
{
    private static readonly TimeSpan _stopGracePeriod = TimeSpan.FromSeconds(3);

    private readonly BatchRun _run;
    private readonly JobWriter _writer;
    private readonly RunReport _report;
    private readonly ReportSettings _settings;
    private readonly Thread _thread;
    private readonly ManualResetEventSlim _ended = new();
    private readonly ManualResetEventSlim _inputEnded = new();
    private readonly object _stateLock = new();
    private readonly object _restLock = new();
    private Runspace? _session;
    private bool _isSettled;
    private bool _isInputRefused;

    // What came after too many items had failed, and is still to be told of.
    private readonly List<object?> _rest = [];

    /// <summary>Creates a job that does nothing yet.</summary>
    /// <param name="command">What it runs, as <c>Get-Job</c> shows it.</param>
    /// <param name="name">Its name; null for one that the engine gives.</param>
    /// <param name="settings">How it reports.</param>
    /// <param name="options">What the caller wants of the run.</param>
    /// <param name="workers">Makes the workers.</param>
    internal BatchJob(string command, string? name, ReportSettings settings, BatchOptions options, IWorkerFactory workers)
        : base(command, name)
    {
        PSJobTypeName = "BatchJob";
        _settings = settings;
        _writer = new JobWriter(this, settings, () => _run!.Cancel());
        _report = new RunReport(_writer, settings, () => _run!.Cancel());
        _run = new BatchRun(options with { IsUnbounded = true, Progress = settings.ShowsProgress ? _writer.ShowProgress : null }, workers, TimeProvider.System);
        BatchHub.Show(_run, settings.Activity, settings.Work, () => settings.Total.Value, Name);
        _thread = new Thread(Main) { IsBackground = true, Name = "Switchyard job" };

        // First of all handlers: Receive-Job may wait in its own for a cmdlet that waits in Dispose for the end.
        StateChanged += OnStateChanged;
    }

    /// <inheritdoc/>
    public override bool HasMoreData =>
        Output.Count > 0 || Error.Count > 0 || Warning.Count > 0 || Verbose.Count > 0
        || Debug.Count > 0 || Information.Count > 0 || Progress.Count > 0;

    /// <inheritdoc/>
    public override string Location => Environment.MachineName;

    /// <summary>How far it is: <c>120/1000, 3 failed</c>. The second number is how many are expected, if that is known, or what was read so far.</summary>
    public override string StatusMessage
    {
        get
        {
            RunProgress progress = _run.Progress;
            return RunErrors.JobStatus(progress.Done, Math.Max(progress.Read, _settings.Total.Value ?? 0), progress.Failed);
        }
    }

    /// <inheritdoc/>
    public override void StopJob()
    {
        BeginStop();
        AwaitEnd();
    }

    /// <summary>Starts the job.</summary>
    /// <param name="session">The session that it ends with; null for none.</param>
    internal void Start(Runspace? session)
    {
        // Its workers' sessions, left open, would even hold up the process's exit.
        _session = session;
        if (_session is not null)
        {
            _session.StateChanged += OnSessionStateChanged;
        }

        SetJobState(JobState.Running);
        _thread.Start();
    }

    /// <summary>Stops the job and does not wait until it has stopped.</summary>
    internal void BeginStop()
    {
        lock (_stateLock)
        {
            if (!_isSettled && JobStateInfo.State is JobState.NotStarted or JobState.Running)
            {
                SetJobState(JobState.Stopping);
            }
        }

        _run.Cancel();
        _inputEnded.Set();
    }

    /// <summary>Adds an item.</summary>
    /// <returns>False if the job takes no more.</returns>
    internal bool Post(object? input)
    {
        if (_run.Post(input))
        {
            return true;
        }

        lock (_restLock)
        {
            if (_settings.WritesResults && _run.HasTooManyFailures && !_inputEnded.IsSet && !_isInputRefused)
            {
                _rest.Add(input);
                return true;
            }

            _isInputRefused = true;
            return false;
        }
    }

    /// <summary>Takes items from a source, too, until that has ended.</summary>
    /// <returns>False if the job takes no more.</returns>
    internal bool AddSource(IInputSource source) => _run.AddSource(source);

    /// <summary>Says that there is no more input.</summary>
    internal void EndInput()
    {
        _run.EndInput();
        _inputEnded.Set();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _run.Cancel();
            _inputEnded.Set();
            AwaitEnd();
        }

        base.Dispose(disposing);
    }

    private void Main()
    {
        JobState state = JobState.Failed;
        ErrorRecord? error = null;
        try
        {
            _run.Pump(_report.Sink);
            RunOutcome outcome = _run.Close();
            state = WriteRest(outcome, out error);
        }
        catch (Exception exception)
        {
            // On a thread of its own: what is not reported here ends the process.
            _run.Dispose();
            error = RunErrors.RunFailed(exception);
        }

        Settle(state, error);
    }

    private void Settle(JobState state, ErrorRecord? error)
    {
        if (_session is not null)
        {
            _session.StateChanged -= OnSessionStateChanged;
        }

        lock (_stateLock)
        {
            _isSettled = true;
        }

        try
        {
            _writer.Close(error, _report.StoppedBy);
            SetJobState(state);
        }
        catch (InvalidOperationException)
        {
            // Removed without waiting for it: the error cannot be reported, and thrown here it would end the process.
        }
        finally
        {
            _ended.Set();
        }
    }

    private void AwaitEnd()
    {
        // Told of the state that it is in, a handler may stop or remove the job, on this very thread.
        if (_thread.IsAlive && Thread.CurrentThread != _thread)
        {
            _ended.Wait(_stopGracePeriod);
        }
    }

    private void OnStateChanged(object? sender, JobStateEventArgs e)
    {
        // Not before: what waits for the end may then dispose of the job, which takes no state any more.
        if (e.JobStateInfo.State is JobState.Completed or JobState.Failed or JobState.Stopped)
        {
            _ended.Set();
        }
    }

    private void OnSessionStateChanged(object? sender, RunspaceStateEventArgs e)
    {
        if (e.RunspaceStateInfo.State is RunspaceState.Closing or RunspaceState.Closed or RunspaceState.Broken)
        {
            StopJob();
        }
    }

    private JobState WriteRest(RunOutcome outcome, out ErrorRecord? error)
    {
        _report.WriteAbandoned(outcome);
        _report.WriteRest(_run, outcome);
        if (outcome.End == RunEnd.TooManyFailures)
        {
            // Only then is it known whether anything was left out.
            _inputEnded.Wait();
        }

        outcome = SkipRest(outcome, out bool wasInputRefused);
        error = outcome.End == RunEnd.Stopped ? null : _report.ErrorOf(outcome, isInputRead: !wasInputRefused);
        return outcome.End switch
        {
            RunEnd.Stopped => JobState.Stopped,
            RunEnd.Canceled when !_writer.IsStoppedByError && _report.StoppedBy is null => JobState.Stopped,
            RunEnd.Completed => JobState.Completed,
            RunEnd.TooManyFailures when error is null => JobState.Completed,
            _ => JobState.Failed,
        };
    }

    private RunOutcome SkipRest(RunOutcome outcome, out bool wasInputRefused)
    {
        lock (_restLock)
        {
            // A run that was ended otherwise meanwhile reports no more.
            wasInputRefused = _isInputRefused;
            _isInputRefused = true;
            foreach (object? input in _rest)
            {
                _report.Sink.Complete(_run.Skip(input));
            }

            return outcome with { Read = outcome.Read + _rest.Count, Skipped = outcome.Skipped + _rest.Count };
        }
    }
}
