using System.Collections;
using System.Management.Automation;
using Switchyard.Batch;
using Switchyard.Bodies;
using Switchyard.Errors;
using Switchyard.Items;
using Switchyard.Parameters;
using Switchyard.Streams;

namespace Switchyard.Commands;

/// <summary>
/// What the batch cmdlets share: their parameters, and the way from a pipeline into a <see cref="BatchRun"/> and back. It binds
/// and hands over; the run does the work.
/// </summary>
public abstract class BatchCommandBase : PSCmdlet, IDisposable
{
    private readonly object _runLock = new();
    private PipelineWriter? _writer;
    private BatchRun? _run;
    private bool _isStopped;
    private bool _asksForEach;
    private string? _action;

    /// <summary>The code to run for each item; <c>$_</c> is the item.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [Alias("Parallel")]
    [ValidateNotNull]
    public ScriptBlock ScriptBlock { get; set; } = null!;

    /// <summary>One item. Arrays are taken apart by the pipeline, not by this parameter.</summary>
    [Parameter(ValueFromPipeline = true)]
    [AllowNull]
    public PSObject? InputObject { get; set; }

    /// <summary>Values for the script block's parameters, by position; the same for each item.</summary>
    [Parameter]
    [Alias("Args")]
    [AllowNull]
    [AllowEmptyCollection]
    public object?[]? ArgumentList { get; set; }

    /// <summary>The most items that run at a time.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int ThrottleLimit { get; set; }

    /// <summary>Writes the output in the order of the input.</summary>
    [Parameter]
    public SwitchParameter KeepOrder { get; set; }

    /// <summary>How long the whole batch may take, in seconds; 0 for as long as it takes.</summary>
    [Parameter]
    [ValidateRange(0d, 2_000_000d)]
    public double TimeoutSeconds { get; set; }

    /// <summary>Code that each worker runs once, before its first item.</summary>
    [Parameter]
    [ValidateNotNull]
    public ScriptBlock? InitializationScript { get; set; }

    /// <summary>Modules that each worker imports: names or paths.</summary>
    [Parameter]
    [Alias("ModuleNames", "ModulePaths")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ModuleNameCompleter))]
    public string[]? ModuleName { get; set; }

    /// <summary>The caller's functions that each worker is given.</summary>
    [Parameter]
    [Alias("Functions")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FunctionNameCompleter))]
    public string[]? FunctionName { get; set; }

    /// <summary>Variables that each worker is given.</summary>
    [Parameter]
    [Alias("Variables")]
    [ValidateNotNull]
    public Hashtable? Variable { get; set; }

    /// <summary>
    /// Gives each worker the caller's session: functions, aliases, variables, modules, drives, preferences, and classes by name.
    /// </summary>
    [Parameter]
    public SwitchParameter CloneSession { get; set; }

    /// <summary>What <see cref="ThrottleLimit"/> is if it is not given.</summary>
    internal abstract int DefaultThrottleLimit { get; }

    /// <summary>Stops the batch if it still runs.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Makes the workers of a run.</summary>
    /// <param name="body">The code to run.</param>
    /// <param name="settings">What each worker's session is given.</param>
    /// <returns>Their factory.</returns>
    internal abstract IWorkerFactory CreateWorkers(SharedBody body, SessionSettings settings);

    /// <summary>Stops the batch if it still runs.</summary>
    /// <param name="disposing">Whether called by <see cref="Dispose()"/>.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            // Reached with a run that is not over only if what feeds this command threw: nothing can be written any more.
            _run?.Dispose();
        }
    }

    /// <summary>Checks everything that can be checked before an item runs, and starts the run.</summary>
    protected override void BeginProcessing()
    {
        _writer = new PipelineWriter(this);
        _asksForEach = MustAskForEach();
        EngineInternals.KeepPipelineParametersOnly(this);
        try
        {
            BatchRun run = new(CreateOptions(), CreateWorkers(new SharedBody(ScriptBlock, ArgumentList ?? []), CreateSettings()), TimeProvider.System);
            lock (_runLock)
            {
                _run = run;
                if (_isStopped)
                {
                    run.Cancel();
                }
            }
        }
        catch (BatchException exception)
        {
            ThrowTerminatingError(exception.Record);
        }
    }

    /// <summary>Hands an item over, and writes what is ready.</summary>
    protected override void ProcessRecord()
    {
        if (PSObjects.IsScriptBlock(InputObject))
        {
            WriteError(BatchErrors.ScriptBlockNotAllowed(ItemText.Quote(InputObject), PSObjects.Unwrap(InputObject)).Record);
            return;
        }

        if (_asksForEach && !ShouldProcess(ItemText.Quote(InputObject), _action ??= ActionText()))
        {
            return;
        }

        bool goesOn;
        try
        {
            goesOn = _run!.Add(InputObject, _writer!);
        }
        catch
        {
            // What follows this command wants no more, or an error was to stop it.
            WarnOfAbandoned(_run!.Close());
            throw;
        }

        if (!goesOn)
        {
            Finish(_run.Close());

            // Over before the input was: what feeds this command has nobody to feed.
            if (EngineInternals.StopUpstream(this) is { } stopUpstream)
            {
                throw stopUpstream;
            }
        }
    }

    /// <summary>Writes the rest, and accounts for the run.</summary>
    protected override void EndProcessing()
    {
        try
        {
            _run!.Complete(_writer!);
        }
        catch
        {
            WarnOfAbandoned(_run!.Close());
            throw;
        }

        Finish(_run.Close());
    }

    /// <summary>Ends the run from another thread. The pipeline's thread notices and cleans up.</summary>
    protected override void StopProcessing()
    {
        lock (_runLock)
        {
            _isStopped = true;
            _run?.Cancel();
        }
    }

    private BatchOptions CreateOptions() => new()
    {
        ThrottleLimit = ThrottleLimit > 0 ? ThrottleLimit : DefaultThrottleLimit,
        KeepOrder = KeepOrder,
        Timeout = TimeoutSeconds > 0 ? TimeSpan.FromSeconds(TimeoutSeconds) : null,
    };

    private SessionSettings CreateSettings()
    {
        PathInfo location = SessionState.Path.CurrentLocation;
        ScriptBlock[] blocks = InitializationScript is null ? [ScriptBlock] : [ScriptBlock, InitializationScript];
        SessionSettings settings = new()
        {
            LanguageMode = SessionState.LanguageMode,
            Host = Host,
            Location = location.Path,
            Drive = location.Drive,
            ProviderLocation = location.ProviderPath,
            Preferences = CallerPreferences.Read(MyInvocation.BoundParameters, SessionState.PSVariable),
            Variables = SessionVariables.Check(Variable),
            Functions = SessionFunctions.Find(FunctionName, SessionState),
            Modules = [.. SessionModules.OwnIfNamed(blocks), .. SessionModules.Resolve(ModuleName, SessionState)],
            Initialization = InitializationScript is null ? null : SharedBody.Unbind(InitializationScript),
            UsingValues = UsingValues.Collect(blocks, SessionState),
        };
        return CloneSession ? SessionClone.AddTo(settings, SessionState, WriteWarning) : settings;
    }

    private void Finish(RunOutcome outcome)
    {
        WarnOfAbandoned(outcome);
        switch (outcome.End)
        {
            case RunEnd.TimedOut:
                WriteError(BatchErrors.RunTimedOut(TimeoutSeconds, outcome));
                break;
            case RunEnd.Failed:
                ThrowTerminatingError((outcome.Failure as WorkerStartException)?.Subject as ErrorRecord
                    ?? BatchErrors.WorkerFailed(outcome.Failure!));
                break;
            case RunEnd.Canceled:
                throw new PipelineStoppedException();
        }
    }

    private void WarnOfAbandoned(RunOutcome outcome)
    {
        if (outcome.Abandoned == 0)
        {
            return;
        }

        string warning = BatchErrors.AbandonedWorkers(outcome.Abandoned);
        if (Stopping)
        {
            // A stopping pipeline writes nothing more; the person who stopped it should still know.
            Host.UI.WriteWarningLine(warning);
        }
        else
        {
            WriteWarning(warning);
        }
    }

    // Asking costs as much as a trivial item, so it is done only where the answer may not be yes.
    private bool MustAskForEach() =>
        MyInvocation.BoundParameters.ContainsKey("WhatIf")
        || MyInvocation.BoundParameters.ContainsKey("Confirm")
        || LanguagePrimitives.IsTrue(SessionState.PSVariable.GetValue("WhatIfPreference", false))
        || (LanguagePrimitives.TryConvertTo(SessionState.PSVariable.GetValue("ConfirmPreference", ConfirmImpact.High), out ConfirmImpact impact)
            && impact is ConfirmImpact.Low or ConfirmImpact.Medium);

    private string ActionText() =>
        BatchErrors.Format(Messages.ShouldProcessAction, ScriptBlock.ToString().Trim().ReplaceLineEndings(" "));
}
