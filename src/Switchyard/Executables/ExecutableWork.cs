using System.Management.Automation;
using System.Text;
using Switchyard.Commands;
using Switchyard.Errors;
using Switchyard.Core.Items;
using Switchyard.Parameters;

using Switchyard.Core.Executables;
namespace Switchyard.Executables;

/// <summary>An executable, as a batch cmdlet's parameters say.</summary>
internal sealed class ExecutableWork : BatchWork
{
    /// <summary>How long an executable that is asked to end has, if nobody says otherwise.</summary>
    public const double DefaultGraceSeconds = 2;

    // Whoever stops a run waits for it. What somebody asked for is another matter.
    private static readonly TimeSpan _defaultStopGrace = TimeSpan.FromSeconds(1.5);

    private readonly ExecutableArguments _arguments;
    private readonly string _name;
    private readonly ExecutableOptions _options;
    private readonly ExecutableCalls _calls;
    private IWorkerFactory? _workers;

    /// <summary>Checks everything that can be checked before an item runs.</summary>
    /// <param name="command">The cmdlet.</param>
    /// <param name="session">The caller's session.</param>
    /// <exception cref="BatchException">The parameters do not go together, or name what is not there.</exception>
    public ExecutableWork(WorkCommandBase command, SessionState session)
    {
        CheckParameters(command);
        WritesBytes = command.AsByteStream;
        ExecutableFinder finder = new(session);
        string path = finder.Find(command.FilePath);
        _name = Path.GetFileName(path);
        _arguments = new ExecutableArguments(command.ArgumentList ?? [], appendsItem: command.InputMode == InputMode.None);
        if (_arguments.FirstUsing is { } usingExpression)
        {
            throw ExecutableErrors.ArgumentWithUsing(usingExpression);
        }

        string[] before = [];
        if (ExecutableFinder.IsScript(path))
        {
            // A process of its own, like any other executable: so all that can be asked of one can be asked of a script.
            string script = path;
            path = finder.FindOwnPowerShell(out string[] first, script);
            before = [.. first, "-NoProfile", "-NonInteractive", "-File", script];
        }

        if (command.InputMode == InputMode.Line && _arguments.FirstOfItem is { } element)
        {
            throw ExecutableErrors.ArgumentOfNoItem(element);
        }

        Encoding encoding = command.Encoding?.Value ?? Encoding.UTF8;
        ExecutableOptions options = new()
        {
            FileName = path,
            Environment = BatchEnvironment.Create(BatchEnvironment.Changes(command.Environment), command.ThrottleLimit),
            WorkingDirectory = finder.FindFolder(command.WorkingDirectory),
            InputMode = command.InputMode,
            Encoding = encoding,
            AsBytes = command.AsByteStream,
            OutputDirectory = command.OutputDirectory is { } folder ? CreateFolder(finder.Resolve(folder), command) : null,
            Grace = TimeSpan.FromSeconds(command.GraceSeconds),
            StopGrace = command.IsGiven(nameof(command.GraceSeconds)) ? TimeSpan.FromSeconds(command.GraceSeconds) : _defaultStopGrace,
        };
        _options = options;
        _calls = new ExecutableCalls(_name, before, _arguments, command.InputMode, encoding);
    }

    /// <inheritdoc/>
    public override IWorkerFactory Workers => _workers ??= CreateWorkers();

    /// <inheritdoc/>
    public override bool WritesBytes { get; }

    /// <inheritdoc/>
    public override int DefaultThrottleLimit => Environment.ProcessorCount;

    /// <inheritdoc/>
    public override string Description => string.Join(' ', _arguments.Sources.Prepend(_name));

    /// <inheritdoc/>
    public override string ActionFor(object? item) =>
        MessageText.Format(Messages.ShouldProcessExecutable, string.Join(' ', _arguments.Preview(item).Prepend(PowerShellText.Argument(_name))));

    /// <inheritdoc/>
    public override bool PreparesItems => _arguments.HasBlocks;

    /// <inheritdoc/>
    public override object? Prepare(object? item) => _arguments.Prepare(item);

    /// <summary>Makes the workers of one more run.</summary>
    /// <returns>They.</returns>
    public IWorkerFactory CreateWorkers() => new ExecutableWorkerFactory(_options, _calls);

    private static void CheckParameters(WorkCommandBase command)
    {
        if (command.AsByteStream && command.IsGiven(nameof(command.Encoding)) && command.InputMode == InputMode.None)
        {
            throw ParameterErrors.ParametersExcludeEachOther(nameof(command.AsByteStream), nameof(command.Encoding));
        }

        if (command.InputMode == InputMode.Line)
        {
            foreach (string other in new[] { nameof(command.AsByteStream), nameof(command.OutputDirectory) })
            {
                if (command.IsGiven(other))
                {
                    throw ParameterErrors.ParametersExcludeEachOther(other, nameof(command.InputMode) + " Line");
                }
            }
        }
    }

    private static string CreateFolder(string path, WorkCommandBase command)
    {
        try
        {
            if (!command.OnlySaysWhatIf)
            {
                Directory.CreateDirectory(path);
            }

            return path;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw ExecutableErrors.FolderNotMade(path, exception);
        }
    }
}
