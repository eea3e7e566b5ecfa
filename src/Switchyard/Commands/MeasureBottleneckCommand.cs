using Switchyard.Core.Executables;
using Switchyard.Core.RemoteWorkers.Client;
using Switchyard.Engine;
using Switchyard.Errors;
using Switchyard.Measuring;
using Switchyard.Parameters;
using Switchyard.ProcessWorkers;
using Switchyard.ProcessWorkers.Hosts;
using Switchyard.Runspaces.Sessions;

namespace Switchyard.Commands;

/// <summary>
/// Runs a sample of the piped items, splits its time into computing and kinds of waiting, and recommends threads, processes or neither, and how
/// many; or watches a process that runs.
/// </summary>
[Cmdlet(VerbsDiagnostic.Measure, "Bottleneck", DefaultParameterSetName = ScriptBlockSet, SupportsShouldProcess = true)]
[OutputType(typeof(BottleneckReport))]
public sealed class MeasureBottleneckCommand : WorkCommandBase, IDisposable
{
    private const string IdSet = "Id";

    private readonly CancellationTokenSource _stop = new();
    private BottleneckMeasurement? _measurement;
    private volatile bool _isStopped;
    private bool _isRefused;
    private bool _isDone;
    private UpstreamStop? _upstream;

    /// <summary>How many items are run at most, in all; as many as it takes if not given.</summary>
    [Parameter(ParameterSetName = ScriptBlockSet)]
    [Parameter(ParameterSetName = FilePathSet)]
    [ValidateRange(1, 1_000_000)]
    public int SampleCount { get; set; }

    /// <summary>For how many seconds items may be run. What runs then is stopped.</summary>
    [Parameter(ParameterSetName = ScriptBlockSet)]
    [Parameter(ParameterSetName = FilePathSet)]
    [ValidateRange(0.1, 86_400)]
    public double MaxDurationSeconds { get; set; } = 10;

    /// <summary>How many items there are in all, to tell whether a start pays for the rest.</summary>
    [Parameter(ParameterSetName = ScriptBlockSet)]
    [Parameter(ParameterSetName = FilePathSet)]
    [ValidateRange(0, long.MaxValue)]
    public long TotalCount { get; set; }

    /// <summary>Tries threads and processes at several sizes, and tells what was measured beside what was predicted.</summary>
    [Parameter(ParameterSetName = ScriptBlockSet)]
    [Parameter(ParameterSetName = FilePathSet)]
    public SwitchParameter Validate { get; set; }

    /// <summary>Writes the output of the items that were run, before the report.</summary>
    [Parameter(ParameterSetName = ScriptBlockSet)]
    [Parameter(ParameterSetName = FilePathSet)]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Also writes the report as a page to this file.</summary>
    [Parameter(ParameterSetName = ScriptBlockSet)]
    [Parameter(ParameterSetName = FilePathSet)]
    [ValidateNotNullOrEmpty]
    public string? ReportPath { get; set; }

    /// <summary>The machines to measure beside this one, reached by SSH: as for Invoke-ProcessBatch.</summary>
    [Parameter(ParameterSetName = ScriptBlockSet)]
    [Parameter(ParameterSetName = FilePathSet)]
    [ValidateNotNullOrEmpty]
    public object[]? HostName { get; set; }

    /// <summary>The user on those machines that are named without one.</summary>
    [Parameter(ParameterSetName = ScriptBlockSet)]
    [Parameter(ParameterSetName = FilePathSet)]
    [ValidateNotNullOrEmpty]
    public string? UserName { get; set; }

    /// <summary>The file with the key for those machines.</summary>
    [Parameter(ParameterSetName = ScriptBlockSet)]
    [Parameter(ParameterSetName = FilePathSet)]
    [Alias("IdentityFilePath")]
    [ValidateNotNullOrEmpty]
    public string? KeyFilePath { get; set; }

    /// <summary>The port of those machines that are named without one.</summary>
    [Parameter(ParameterSetName = ScriptBlockSet)]
    [Parameter(ParameterSetName = FilePathSet)]
    [ValidateRange(1, ushort.MaxValue)]
    public int Port { get; set; }

    /// <summary>Options of <c>ssh</c> by their names, as in <c>~/.ssh/config</c>.</summary>
    [Parameter(ParameterSetName = ScriptBlockSet)]
    [Parameter(ParameterSetName = FilePathSet)]
    [ValidateNotNull]
    public Hashtable? Options { get; set; }

    /// <summary>The number of a process that runs, to watch it instead of running anything.</summary>
    [Parameter(Mandatory = true, ParameterSetName = IdSet, ValueFromPipelineByPropertyName = true)]
    [Alias("ProcessId")]
    [ArgumentCompleter(typeof(ProcessIdCompleter))]
    public int Id { get; set; }

    /// <summary>For how many seconds it is watched.</summary>
    [Parameter(ParameterSetName = IdSet)]
    [ValidateRange(0.1, 86_400)]
    public double DurationSeconds { get; set; } = 3;

    private int MaxThrottleLimit => ThrottleLimit > 0 ? ThrottleLimit : MeasurementOptions.DefaultMaxThrottleLimit;

    /// <inheritdoc/>
    public void Dispose()
    {
        _measurement?.Dispose();
        _stop.Dispose();
    }

    /// <summary>Checks everything that can be checked before an item runs.</summary>
    protected override void BeginProcessing()
    {
        try
        {
            ReadPreferences();
            if (ParameterSetName == IdSet)
            {
                return;
            }

            _measurement = CreateMeasurement();
        }
        catch (BatchException exception)
        {
            ThrowTerminatingError(exception.Record);
        }
    }

    /// <summary>Hands an item over, and starts to measure with the first.</summary>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == IdSet)
        {
            Watch();
            return;
        }

        if (PSObjects.IsScriptBlock(InputObject))
        {
            WriteError(SessionErrors.ScriptBlockNotAllowed(ItemText.Quote(InputObject), PSObjects.Unwrap(InputObject)).Record);
            return;
        }

        if (_isRefused)
        {
            return;
        }

        if (_isDone)
        {
            StopUpstream();
            return;
        }

        if (!_measurement!.IsStarted && !ShouldProcess(Messages.ShouldProcessSample, _measurement.ActionFor(InputObject)))
        {
            _isRefused = true;
            return;
        }

        if (_measurement.Add(InputObject))
        {
            return;
        }

        // Enough is known: the commands before this one can stop.
        Finish();
        _upstream = new UpstreamStop(this);
        StopUpstream();
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_measurement is not null && !_isRefused && !_isDone)
        {
            Finish();
        }
    }

    /// <summary>Ends the measurement from another thread.</summary>
    protected override void StopProcessing()
    {
        _isStopped = true;
        _stop.Cancel();
        _measurement?.Stop();
    }

    private HostOptions? CreateHostOptions()
    {
        if (HostName is null)
        {
            return new[] { nameof(UserName), nameof(KeyFilePath), nameof(Port), nameof(Options) }.FirstOrDefault(IsGiven) is { } needy
                ? throw ParameterErrors.ParameterNeedsAnother(needy, nameof(HostName))
                : null;
        }

        // The output of items that run there would be missing from it.
        return IsGiven(nameof(OutputDirectory))
            ? throw ParameterErrors.ParametersExcludeEachOther(nameof(OutputDirectory), nameof(HostName))
            : new HostOptions { HostName = HostName, UserName = UserName, KeyFilePath = KeyFilePath, Port = Port > 0 ? Port : null, SshOptions = Options };
    }

    private MeasuredHosts? CreateHosts(HostOptions? hosts) => hosts is null ? null : new MeasuredHosts(
        hosts,
        new SessionSettings { LanguageMode = SessionState.LanguageMode, Host = Host, Location = string.Empty, ProviderLocation = string.Empty, Preferences = Preferences },
        SessionState,
        () => (RemoteWorkerFactory)RemoteExecutableWork.Create(
            CreateExecutableSettings(), new ProcessWorkOptions { Body = ScriptBlock.Create(string.Empty), Warn = _ => { }, Hosts = hosts, NeedsTimes = true }, 1, Host, SessionState, addFiles: null).Workers);

    private BottleneckMeasurement CreateMeasurement()
    {
        if (!RunsScriptBlock && InputMode == InputMode.Block)
        {
            throw ExecutableErrors.BlocksNotMeasured();
        }

        HostOptions? hosts = CreateHostOptions();
        MeasurementOptions options = new()
        {
            ReportFile = ReportPath is null ? null : ReportFile.Resolve(ReportPath, SessionState),
            SampleCount = IsGiven(nameof(SampleCount)) ? SampleCount : null,
            MaxDuration = TimeSpan.FromSeconds(MaxDurationSeconds),
            MaxThrottleLimit = MaxThrottleLimit,
            TotalCount = IsGiven(nameof(TotalCount)) ? TotalCount : null,
            Validates = Validate,
            PassesThru = PassThru,
            ShowsProgress = ShowsProgress,
        };
        MeasuredWork work = RunsScriptBlock
            ? new MeasuredWork(CreateProcessOptions() with { NeedsTimes = true }, CreateSettings(), SessionState, Validate, hosts, ModuleName ?? [])
            : new MeasuredWork(CreateExecutable(), CreateHosts(hosts));
        return new BottleneckMeasurement(this, work, options);
    }

    private void Watch()
    {
        try
        {
            if (LiveProcess.Measure(Id, TimeSpan.FromSeconds(DurationSeconds), MaxThrottleLimit, _stop.Token) is { } report)
            {
                WriteObject(report);
            }
        }
        catch (BatchException exception)
        {
            WriteError(exception.Record);
        }
    }

    private void StopUpstream()
    {
        if (!_upstream!.TryStop())
        {
            ThrowTerminatingError(RunErrors.InputNotStopped());
        }
    }

    private void Finish()
    {
        _isDone = true;
        try
        {
            if (_measurement!.Finish() is { } report && !_isStopped)
            {
                WriteObject(report);
            }
        }
        catch (BatchException exception)
        {
            WriteError(exception.Record);
        }
    }
}
