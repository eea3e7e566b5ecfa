using Switchyard.Core.Executables;
using Switchyard.Core.Processes;
using Switchyard.Core.Processes.Unix;
using Switchyard.Errors;
using Switchyard.Parameters;
using Switchyard.Work;

namespace Switchyard.Executables;

internal sealed class ExecutableWork : BatchWork
{
    /// <summary>The default of -GraceSeconds.</summary>
    public const double DefaultGraceSeconds = 2;

    // Ctrl+C is to return within two seconds, unless -GraceSeconds says otherwise.
    private static readonly TimeSpan _defaultStopGrace = TimeSpan.FromSeconds(1.5);

    private readonly ExecutableArguments _arguments;
    private readonly string _name;
    private readonly ExecutableOptions _options;
    private readonly ExecutableCalls _calls;
    private readonly string[] _before = [];
    private readonly IReadOnlyList<KeyValuePair<string, string?>> _changes;
    private readonly FarWorkers? _far;
    private readonly ExecutableSettings _settings;
    private IWorkerFactory? _workers;
    private IBlockInput? _blocks;

    /// <summary>Checks everything that can be checked before an item runs.</summary>
    /// <param name="far">Makes the workers if it runs on other machines, where the program and its folder are then looked for; null if it does not.</param>
    /// <exception cref="BatchException">The parameters do not go together, or name what is not there.</exception>
    public ExecutableWork(ExecutableSettings settings, ExecutableFinder finder, FarWorkers? far = null)
    {
        CheckParameters(settings, far is not null);
        _far = far;
        WritesBytes = settings.AsByteStream;
        _changes = BatchEnvironment.Changes(settings.Environment);
        string? folder = far is null ? finder.FindFolder(settings.WorkingDirectory) : settings.WorkingDirectory;
        string path = far is null ? finder.Find(settings.FilePath, _changes, folder) : settings.FilePath;
        _name = Path.GetFileName(path);
        _arguments = new ExecutableArguments(settings.ArgumentList, appendsItem: settings.InputMode is InputMode.None or InputMode.Terminal);
        if (_arguments.FirstUsing is { } usingExpression)
        {
            throw ExecutableErrors.ArgumentWithUsing(usingExpression);
        }

        if (far is null && ExecutableFinder.IsScript(path))
        {
            // A process of its own, like any other executable: so all that can be asked of one can be asked of a script.
            string script = path;
            path = finder.FindOwnPowerShell(out string[] first, script);
            _before = [.. first, "-NoProfile", "-NonInteractive", "-File", script];
        }

        if (settings.InputMode == InputMode.Line && _arguments.FirstOfItem is { } element)
        {
            throw ExecutableErrors.ArgumentOfNoItem(element);
        }

        Encoding encoding = settings.Encoding ?? ProgramEncoding.Default;
        _options = new ExecutableOptions
        {
            FileName = path,
            Environment = BatchEnvironment.Create(_changes, settings.ThrottleLimit),
            WorkingDirectory = folder,
            InputMode = settings.InputMode,
            Encoding = encoding,
            AsBytes = settings.AsByteStream,
            OutputFolder = settings is { OutputDirectory: { } output, OnlySaysWhatIf: false } ? OpenFolder(finder.Resolve(output), settings) : null,
            Grace = TimeSpan.FromSeconds(settings.GraceSeconds ?? DefaultGraceSeconds),
            StopGrace = settings.GraceSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : _defaultStopGrace,
        };
        _calls = new ExecutableCalls(_name, _before, _arguments, settings.InputMode, encoding);
        _settings = settings;
    }

    public override IBlockInput? Blocks => _blocks ??= _settings.InputMode != InputMode.Block ? null
        : new BlockInput(_name, _settings.BlockSize, _settings.ThrottleLimit > 0 ? _settings.ThrottleLimit : DefaultThrottleLimit, _options.Encoding);

    public override IWorkerFactory Workers => _workers ??= CreateWorkers();

    public override bool WritesBytes { get; }

    public override string? OutputDirectory => _options.OutputFolder?.Path;

    /// <summary>How many run at a time where it runs on other machines.</summary>
    public int FarThrottleLimit { get; init; }

    /// <summary>As many as there are cores; one at a time where each may ask the person at the terminal.</summary>
    public override int DefaultThrottleLimit => _far is not null ? FarThrottleLimit : _options.InputMode == InputMode.Terminal ? 1 : Environment.ProcessorCount;

    public override string Description => string.Join(' ', _arguments.Sources.Prepend(_name));

    public override string ActionFor(object? item) =>
        MessageText.Format(Messages.ShouldProcessExecutable, string.Join(' ', _arguments.Preview(item).Prepend(PowerShellText.Argument(_name))));

    public override bool PreparesItems => _arguments.HasBlocks;

    /// <summary>Adds the files that go with an item to what was prepared of it; null if none do.</summary>
    public Func<object?, object?, object?>? AddFiles { get; init; }

    public override object? Prepare(object? item) => AddFiles is null ? _arguments.Prepare(item) : AddFiles(item, _arguments.Prepare(item));

    public override Func<object?, long>? MeasureItems(long? wanted, out long most)
    {
        CommandLineSpace space = CommandLineSpace.OfThisSystem(_options.FileName, [.. _before, .. _arguments.OfNoItem], _options.Environment, wanted);
        most = space.Room;
        return item => _arguments.Measure(item, space);
    }

    public IWorkerFactory CreateWorkers() => _far?.Invoke(_options, _changes, _calls) ?? new ExecutableWorkerFactory(_options, _calls);

    private static void CheckParameters(ExecutableSettings settings, bool isFar)
    {
        if (isFar && settings.InputMode == InputMode.Terminal)
        {
            throw ExecutableErrors.NoTerminalElsewhere();
        }

        if (settings.InputMode == InputMode.Block && settings.Encoding is { } encoding && !BlockInput.Takes(encoding))
        {
            throw ExecutableErrors.BlockEncodingNotAllowed(encoding);
        }

        if (settings is { AsByteStream: true, Encoding: not null, InputMode: InputMode.None })
        {
            throw ParameterErrors.ParametersExcludeEachOther(nameof(settings.AsByteStream), nameof(settings.Encoding));
        }

        if (settings.InputMode == InputMode.Terminal && !(OperatingSystem.IsWindows() ? !Console.IsInputRedirected : UnixTerminal.IsPresent()))
        {
            throw ExecutableErrors.NoTerminal();
        }

        if (settings.InputMode == InputMode.Line && (settings.AsByteStream || settings.OutputDirectory is not null))
        {
            string other = settings.AsByteStream ? nameof(settings.AsByteStream) : nameof(settings.OutputDirectory);
            throw ParameterErrors.ParametersExcludeEachOther(other, nameof(settings.InputMode) + " Line");
        }
    }

    private static OutputFolder OpenFolder(string path, ExecutableSettings settings)
    {
        OutputFolder folder;
        try
        {
            folder = new OutputFolder(Path.TrimEndingDirectorySeparator(path), settings.GoesOn);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw ExecutableErrors.FolderNotMade(path, exception);
        }

        if (folder.First > 0)
        {
            settings.Warn?.Invoke(MessageText.Format(Messages.FolderNotEmpty, path, folder.First));
        }

        return folder;
    }
}
