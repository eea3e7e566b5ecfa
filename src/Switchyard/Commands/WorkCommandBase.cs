using System.Management.Automation.Runspaces;
using Switchyard.Core.Executables;
using Switchyard.Engine;
using Switchyard.Executables;
using Switchyard.Parameters;
using Switchyard.Parameters.Affinity;
using Switchyard.ProcessWorkers;
using Switchyard.Runspaces;
using Switchyard.Runspaces.Sessions;

namespace Switchyard.Commands;

/// <summary>
/// What the cmdlets that run something for each item share: the parameters that say what is run, with what in its session or environment.
/// </summary>
public abstract class WorkCommandBase : PSCmdlet
{
    /// <summary>The parameter set of script blocks.</summary>
    protected const string ScriptBlockSet = "ScriptBlock";

    /// <summary>The parameter set of executables.</summary>
    protected const string FilePathSet = "FilePath";

    /// <summary>One item. Arrays are taken apart by the pipeline, not by this parameter.</summary>
    [Parameter(ValueFromPipeline = true)]
    [AllowNull]
    public PSObject? InputObject { get; set; }

    /// <summary>
    /// Values for the script block's parameters, by position; the same for each item. Or the executable's arguments, with
    /// placeholders for the item and its parts, or script blocks that make an argument of it.
    /// </summary>
    [Parameter]
    [Alias("Args")]
    [AllowNull]
    [AllowEmptyCollection]
    [ArgumentCompleter(typeof(PlaceholderCompleter))]
    public object?[]? ArgumentList { get; set; }

    /// <summary>The most items that run at a time.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    public int ThrottleLimit { get; set; }

    /// <summary>The code to run for each item; <c>$_</c> is the item.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ScriptBlockSet)]
    [Alias("Parallel")]
    [ValidateNotNull]
    public ScriptBlock ScriptBlock { get; set; } = null!;

    /// <summary>Code that each worker runs once, before its first item.</summary>
    [Parameter(ParameterSetName = ScriptBlockSet)]
    [ValidateNotNull]
    public ScriptBlock? InitializationScript { get; set; }

    /// <summary>Modules that each worker imports: names or paths.</summary>
    [Parameter(ParameterSetName = ScriptBlockSet)]
    [Alias("ModuleNames", "ModulePaths")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ModuleNameCompleter))]
    public string[]? ModuleName { get; set; }

    /// <summary>The caller's functions that each worker is given, with the functions of the same script or module that they call.</summary>
    [Parameter(ParameterSetName = ScriptBlockSet)]
    [Alias("Functions")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FunctionNameCompleter))]
    public string[]? FunctionName { get; set; }

    /// <summary>Variables that each worker is given.</summary>
    [Parameter(ParameterSetName = ScriptBlockSet)]
    [Alias("Variables")]
    [ValidateNotNull]
    public Hashtable? Variable { get; set; }

    /// <summary>
    /// Gives each worker the caller's session: functions, aliases, variables, modules, drives, preferences, and classes by name.
    /// </summary>
    [Parameter(ParameterSetName = ScriptBlockSet)]
    public SwitchParameter CloneSession { get; set; }

    /// <summary>The executable to run for each item: a name on PATH, or a path.</summary>
    [Parameter(Mandatory = true, ParameterSetName = FilePathSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ExecutableCompleter))]
    public string FilePath { get; set; } = null!;

    /// <summary>What the executable reads from its standard input: nothing, its item, a line for each item, or a block of all input.</summary>
    [Parameter(ParameterSetName = FilePathSet)]
    public InputMode InputMode { get; set; }

    /// <summary>The encoding of what the executable reads and writes. If not given UTF-8, and on Windows the console's code page.</summary>
    [Parameter(ParameterSetName = FilePathSet)]
    [ArgumentCompleter(typeof(EncodingCompleter))]
    [ValidateNotNull]
    public EncodingArgument? Encoding { get; set; }

    /// <summary>Writes what the executable writes as byte arrays, not as lines.</summary>
    [Parameter(ParameterSetName = FilePathSet)]
    public SwitchParameter AsByteStream { get; set; }

    /// <summary>
    /// Also keeps each item's output in this folder: <c>INDEX.stdout</c>, <c>INDEX.stderr</c>, <c>INDEX.exitcode</c>. It is made if
    /// it is not there; of what is there nothing is replaced.
    /// </summary>
    [Parameter(ParameterSetName = FilePathSet)]
    [ValidateNotNullOrEmpty]
    public string? OutputDirectory { get; set; }

    /// <summary>The folder that the executable starts in; the caller's if not given.</summary>
    [Parameter(ParameterSetName = FilePathSet)]
    [ValidateNotNullOrEmpty]
    public virtual string? WorkingDirectory { get; set; }

    /// <summary>Environment variables to set for the executable, or with <c>$null</c> to remove.</summary>
    [Parameter(ParameterSetName = FilePathSet)]
    [ValidateNotNull]
    public virtual IDictionary? Environment { get; set; }

    /// <summary>How many seconds an executable that is asked to end has until it is killed.</summary>
    [Parameter(ParameterSetName = FilePathSet)]
    [ValidateRange(0d, 86_400d)]
    public double GraceSeconds { get; set; } = ExecutableWork.DefaultGraceSeconds;

    /// <summary>Whether a script block is to be run, and not an executable.</summary>
    internal bool RunsScriptBlock => ParameterSetName == ScriptBlockSet;

    /// <summary>The preferences that hold for this command.</summary>
    internal IReadOnlyDictionary<string, object> Preferences { get; private set; } = null!;

    /// <summary>What this command's progress is the progress of.</summary>
    internal string Activity => MyInvocation.MyCommand.Name;

    /// <summary>Whether the caller wants to hear of progress.</summary>
    internal bool WantsProgress => CallerPreferences.ShowsProgress(Preferences);

    /// <summary>Whether progress is wanted, can be seen, and does not write over what a program asks.</summary>
    internal bool ShowsProgress => WantsProgress && !IsConsoleRedirected() && InputMode != InputMode.Terminal;

    /// <summary>Whether nothing is to be done but said.</summary>
    internal bool OnlySaysWhatIf => LanguagePrimitives.IsTrue(
        MyInvocation.BoundParameters.TryGetValue("WhatIf", out object? given)
            ? given
            : SessionState.PSVariable.GetValue("WhatIfPreference", false));

    /// <summary>Whether other machines run it, of which this one's paths say nothing.</summary>
    internal virtual bool RunsElsewhere => false;

    /// <summary>Whether what was done before is gone on with.</summary>
    internal virtual bool GoesOn => false;

    /// <summary>What each worker runs after its last item; null for nothing.</summary>
    internal virtual ScriptBlock? Completion => null;

    /// <summary>How many bytes a block of the input has; null if that was not said.</summary>
    internal virtual int? BlockLength => null;

    /// <summary>Whether a parameter was given.</summary>
    internal bool IsGiven(string parameter) => MyInvocation.BoundParameters.ContainsKey(parameter);

    /// <summary>Finds out under which preferences this command runs.</summary>
    private protected void ReadPreferences()
    {
        EngineStreams.AskNothingForDebug(this);
        Preferences = CallerPreferences.Read(MyInvocation.BoundParameters, SessionState.PSVariable);
    }

    /// <summary>Makes what a session of this machine is given that runs a script block beside the workers: what that asks for.</summary>
    /// <exception cref="Errors.BatchException">What it asks for is not there, or cannot be given.</exception>
    private protected SessionSettings CreateSettingsFor(ScriptBlock block)
    {
        string[] modules = [.. SessionModules.OwnIfNamed([block])];
        Hashtable? usingValues = UsingValues.Collect([block], SessionState);
        return CreateSessionSettings() with
        {
            Functions = new SessionFunctions(SessionState, modules).FindCalled(block, WriteWarning),
            Modules = modules,
            UsingValues = usingValues,
        };
    }

    /// <summary>Makes what each worker's session is given.</summary>
    /// <exception cref="Errors.BatchException">Something that is named is not there, or cannot be given.</exception>
    internal SessionSettings CreateSettings()
    {
        ScriptBlock[] blocks = [.. new[] { ScriptBlock, InitializationScript, Completion }.OfType<ScriptBlock>()];
        string[] modules = RunsElsewhere ? ModuleName ?? [] : [.. SessionModules.OwnIfNamed(blocks), .. SessionModules.Resolve(ModuleName, SessionState)];
        IReadOnlyDictionary<string, object?> variables = SessionVariables.Check(Variable);
        Hashtable? usingValues = UsingValues.Collect(blocks, SessionState);
        SessionSettings settings = CreateSessionSettings() with
        {
            Variables = variables,
            Modules = modules,
            Initialization = InitializationScript is null ? null : SharedBody.Unbind(InitializationScript),
            Completion = Completion is null ? null : SharedBody.Unbind(Completion),
            UsingValues = usingValues,
        };
        settings = settings with
        {
            Functions = new SessionFunctions(SessionState, modules).Find(
                FunctionName,
                SessionFunctionValues.In([usingValues, variables, ArgumentList]),
                CloneSession ? (_, _) => null : new SessionNeeds(settings).FindScopedVariable,
                WriteWarning),
        };
        return CloneSession ? SessionClone.AddTo(settings, SessionState, WriteWarning) : settings;
    }

    /// <summary>Makes what runs the executable.</summary>
    /// <exception cref="Errors.BatchException">The parameters do not go together, or name what is not there.</exception>
    private protected ExecutableWork CreateExecutable() => new(CreateExecutableSettings(), new ExecutableFinder(SessionState));

    /// <summary>Says what program is to be run and how.</summary>
    private protected ExecutableSettings CreateExecutableSettings() => new()
    {
        FilePath = FilePath,
        ArgumentList = ArgumentList ?? [],
        InputMode = InputMode,
        BlockSize = BlockLength,
        Encoding = Encoding?.Value,
        AsByteStream = AsByteStream,
        OutputDirectory = OutputDirectory,
        GoesOn = GoesOn,
        Warn = WriteWarning,
        WorkingDirectory = WorkingDirectory,
        Environment = Environment,
        ThrottleLimit = ThrottleLimit,
        GraceSeconds = IsGiven(nameof(GraceSeconds)) ? GraceSeconds : null,
        OnlySaysWhatIf = OnlySaysWhatIf,
    };

    /// <summary>Says what processes are given to run the script block.</summary>
    private protected virtual ProcessWorkOptions CreateProcessOptions() => new()
    {
        Body = ScriptBlock,
        Arguments = ArgumentList ?? [],
        WorkingDirectory = WorkingDirectory,
        Environment = Environment,
        ThrottleLimit = ThrottleLimit,
        Warn = WriteWarning,
    };

    private SessionSettings CreateSessionSettings()
    {
        PathInfo location = SessionState.Path.CurrentLocation;
        return new SessionSettings
        {
            LanguageMode = SessionState.LanguageMode,
            Host = Host,
            Owner = SessionOwners.Of(Runspace.DefaultRunspace),
            Location = location.Path,
            Drive = location.Drive,
            ProviderLocation = location.ProviderPath,
            Preferences = Preferences,
        };
    }

    // Other hosts than a console know themselves what they do with progress.
    private bool IsConsoleRedirected() => Host.Name == "ConsoleHost" && Console.IsOutputRedirected;
}
