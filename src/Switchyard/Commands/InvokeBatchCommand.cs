using Switchyard.Choosing;
using Switchyard.Core.Batch;
using Switchyard.Core.Choices;
using Switchyard.Errors;
using Switchyard.Jobs;
using Switchyard.Measuring;
using Switchyard.ProcessWorkers;
using Switchyard.Work;

namespace Switchyard.Commands;

/// <summary>
/// Runs a script block for each piped item, or an executable, and finds out on the work itself whether threads or processes pay, and how many.
/// </summary>
[Cmdlet(VerbsLifecycle.Invoke, "Batch", DefaultParameterSetName = ScriptBlockSet, SupportsShouldProcess = true)]
[OutputType(typeof(object), typeof(BatchResult), typeof(BatchJob))]
public sealed class InvokeBatchCommand : BatchCommandBase
{
    private ChosenWork? _chosen;
    private Choice? _choice;
    private string? _reportFile;

    /// <summary>The name of a variable that is given the report of the run: what held it up, what was tried, and what did best.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ReportVariable { get; set; }

    /// <summary>Also writes the report as a page to this file.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? ReportPath { get; set; }

    /// <summary>Begins as if the work had never been run before, and forgets what was learnt of it.</summary>
    [Parameter]
    public SwitchParameter Fresh { get; set; }

    private bool WantsReport => ReportVariable is not null || ReportPath is not null;

    /// <inheritdoc/>
    internal override BatchWork CreateWork()
    {
        if (ReportVariable is not null && !OnlySaysWhatIf)
        {
            // One that cannot be set is refused before an item runs, and what it held is no report of this run.
            SessionState.PSVariable.Set(ReportVariable, null);
        }

        _reportFile = ReportPath is null ? null : ReportFile.Resolve(ReportPath, SessionState);
        RunMeter? meter = WantsReport ? new RunMeter() : null;
        _chosen = RunsScriptBlock
            ? new ChosenWork(CreateProcessOptions() with { NeedsTimes = true, HonoursRetryAfter = RetryCount > 0 }, CreateSettings(), InitializationScript, SessionState, meter)
            : new ChosenWork(CreateExecutable(), meter);
        return _chosen;
    }

    private protected override void CheckParameters()
    {
        if (IsGiven(nameof(AutoThrottle)) && !AutoThrottle)
        {
            throw ParameterErrors.AutoThrottleNeeded();
        }

        // What is learnt is learnt from what that measures.
        AutoThrottle = true;
        base.CheckParameters();
        if (AsJob && WantsReport)
        {
            throw ParameterErrors.ParametersExcludeEachOther(ReportVariable is null ? nameof(ReportPath) : nameof(ReportVariable), nameof(AsJob));
        }
    }

    private protected override BatchOptions CreateOptions()
    {
        BatchOptions options = base.CreateOptions();
        long? total = IsGiven(nameof(TotalCount)) ? (TotalCount + Math.Max(1, BatchSize) - 1) / Math.Max(1, BatchSize) : null;
        _choice = new Choice(_chosen!, CreateKey(), isFresh: Fresh && !OnlySaysWhatIf, total, options.ThrottleLimit);
        return options with
        {
            InitialThrottle = _choice.InitialThrottle,
            ThrottleHint = _choice.ThrottleHint,
            CountBefore = _choice.CountBefore,
            ThrottleObserver = _choice.Chooser,
        };
    }

    // All that makes it other work, on another machine, or for another module.
    private string CreateKey() => ChoiceKey.Of(
        RunsScriptBlock ? ScriptBlock.ToString() : FilePath,
        InitializationScript?.ToString(),
        string.Join('\n', ArgumentList?.Select(argument => argument?.ToString()) ?? []),
        string.Join('\n', ModuleName ?? []),
        IsGiven(nameof(ThrottleLimit)) ? $"{ThrottleLimit}" : null,
        InputMode.ToString(),
        RunsGroups ? $"{BatchSize}" : null,
        System.Environment.MachineName,
        $"{System.Environment.ProcessorCount}",
        WorkerEntryPoint.Build.ToString());

    /// <summary>Checks everything that can be checked before an item runs, starts the run, and tells what it begins with.</summary>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _choice!.TellBegin();
    }

    /// <summary>Writes the rest, and tells what was learnt.</summary>
    protected override void EndProcessing()
    {
        base.EndProcessing();
        if (!WantsReport || OnlySaysWhatIf)
        {
            return;
        }

        try
        {
            BottleneckReport? report = _choice!.Report(MyInvocation, _reportFile);
            if (report is null)
            {
                WriteWarning(Messages.ChoiceNothingMeasured);
            }
            else if (ReportVariable is not null)
            {
                SessionState.PSVariable.Set(ReportVariable, report);
            }
        }
        catch (BatchException exception)
        {
            // The items have been run.
            WriteError(exception.Record);
        }
        catch (Exception exception) when (exception is SessionStateException or MetadataException)
        {
            // The variable is declared with a type that takes no report, or has become read-only meanwhile.
            WriteError(((RuntimeException)exception).ErrorRecord);
        }
    }
}
