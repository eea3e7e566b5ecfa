using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using Switchyard.Host.CommandLine;

namespace Switchyard.Host.Hosting;

/// <summary>One run of the host: a runspace with the module, the script in it, and the exit code that pwsh would give.</summary>
internal sealed class Session
{
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(3);

    private readonly HostArguments _arguments;
    private readonly StopRequests _stop;
    private readonly HostConsole _console;
    private readonly SwitchyardHost _host;

    private Session(HostArguments arguments, StopRequests stop)
    {
        _arguments = arguments;
        _stop = stop;
        _console = new HostConsole(ConsoleStream.OpenOutput(stop.OnReaderGone), ConsoleStream.OpenError(), arguments.NonInteractive);
        _host = new SwitchyardHost(_console);
    }

    /// <summary>Runs what the command line says, and gives the exit code.</summary>
    public static int Run(HostArguments arguments)
    {
        using var stop = new StopRequests();
        return new Session(arguments, stop).Run();
    }

    private int Run()
    {
        if (!File.Exists(ModulePaths.SwitchyardManifest))
        {
            _console.WriteErrorLine($"The Switchyard module is not at '{ModulePaths.SwitchyardManifest}'. Run 'dotnet build' first.");
            return ExitCodes.Failure;
        }

        ModulePaths.Extend();
        ModulePaths.KeepAnalysisInMemory();
        if (!_console.SupportsVirtualTerminal)
        {
            PSStyle.Instance.OutputRendering = OutputRendering.PlainText;
        }

        Runspace runspace = RunspaceFactory.CreateRunspace(_host, CreateSessionState());
        runspace.ThreadOptions = PSThreadOptions.UseCurrentThread;
        runspace.Open();
        Runspace.DefaultRunspace = runspace;
        bool succeeded = ImportModule(runspace) && EnterWorkingDirectory(runspace) && RunScript(runspace);
        _console.ClearProgress();
        int exitCode = _stop.ExitCode ?? _host.RequestedExitCode ?? (succeeded ? ExitCodes.Success : ExitCodes.Failure);
        Close(runspace);
        return exitCode;
    }

    private static InitialSessionState CreateSessionState()
    {
        // CreateDefault would load assemblies that the engine's package does not bring.
        var state = InitialSessionState.CreateDefault2();
        if (OperatingSystem.IsWindows())
        {
            // Whoever started this program named the script: a policy made for double-clicked files has no say.
            state.ExecutionPolicy = Microsoft.PowerShell.ExecutionPolicy.Bypass;
        }

        return state;
    }

    private bool ImportModule(Runspace runspace)
    {
        using var shell = PowerShell.Create(runspace);
        shell.AddCommand("Import-Module").AddParameter("Name", ModulePaths.SwitchyardManifest).AddParameter("Global").AddParameter("ErrorAction", ActionPreference.Stop);
        return Invoke(shell, StandardInput.For(null), report: true) is not Outcome.Failed;
    }

    private bool EnterWorkingDirectory(Runspace runspace)
    {
        if (_arguments.WorkingDirectory is not { } folder)
        {
            return true;
        }

        using var shell = PowerShell.Create(runspace);
        shell.AddCommand("Set-Location").AddParameter("LiteralPath", folder).AddParameter("ErrorAction", ActionPreference.Stop);
        return Invoke(shell, StandardInput.For(null), report: true) is not Outcome.Failed;
    }

    private bool RunScript(Runspace runspace)
    {
        using var shell = PowerShell.Create(runspace);
        Ast? ast = AddScript(shell, runspace);
        PSDataCollection<object> input = StandardInput.For(ast);
        Outcome outcome = Invoke(shell, input, report: true);
        return outcome == Outcome.Completed && (_arguments.Action == HostAction.File || LastStatementSucceeded(runspace));
    }

    private ScriptBlockAst? AddScript(PowerShell shell, Runspace runspace)
    {
        if (_arguments.Action == HostAction.File && _arguments.Script.EndsWith(".ps1", StringComparison.OrdinalIgnoreCase))
        {
            EngineInternals.RethrowExitOfNextScript(runspace);
            AddCommand(shell, new Command(_arguments.Script, isScript: false, useLocalScope: false));
            return Parser.ParseFile(_arguments.Script, out _, out _);
        }

        string text = _arguments.Action switch
        {
            HostAction.StandardInput => Console.In.ReadToEnd(),
            HostAction.File => File.ReadAllText(_arguments.Script),
            _ => _arguments.Script,
        };
        AddCommand(shell, new Command(text, isScript: true, useLocalScope: false));
        return _arguments.Action == HostAction.StandardInput ? null : Parser.ParseInput(text, out _, out _);
    }

    private void AddCommand(PowerShell shell, Command command)
    {
        foreach (CommandParameter argument in _arguments.ScriptArguments)
        {
            command.Parameters.Add(argument);
        }

        // Errors go where the output goes, so that both come out in order; Out-Default tells them apart.
        command.MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
        shell.Commands.AddCommand(command);
        shell.AddCommand("Out-Default");
    }

    private Outcome Invoke(PowerShell shell, PSDataCollection<object> input, bool report)
    {
        DiscardStreams(shell.Streams);
        _stop.Watch(shell);
        try
        {
            // Only what is in the history leaves its $? behind, which is the exit code of -Command.
            shell.Invoke(input, new PSDataCollection<PSObject>(), new PSInvocationSettings { AddToHistory = true });
            return Outcome.Completed;
        }
        catch (ExitException exit)
        {
            _host.SetShouldExit(LanguagePrimitives.TryConvertTo(exit.Argument, out int code) ? code : ExitCodes.Success);
            return Outcome.Completed;
        }
        catch (PipelineStoppedException)
        {
            return Outcome.Stopped;
        }
        catch (Exception error) when (error is IContainsErrorRecord)
        {
            if (report)
            {
                Report(shell.Runspace, ((IContainsErrorRecord)error).ErrorRecord, error);
            }

            return Outcome.Failed;
        }
        finally
        {
            _stop.Unwatch();
        }
    }

    private static void DiscardStreams(PSDataStreams streams)
    {
        streams.Warning = new DiscardedStream<WarningRecord>();
        streams.Verbose = new DiscardedStream<VerboseRecord>();
        streams.Debug = new DiscardedStream<DebugRecord>();
        streams.Progress = new DiscardedStream<ProgressRecord>();
        streams.Information = new DiscardedStream<InformationRecord>();
    }

    private void Report(Runspace runspace, ErrorRecord record, Exception error)
    {
        using var shell = PowerShell.Create(runspace);
        shell.AddCommand("Out-Default");
        var input = new PSDataCollection<object> { EngineInternals.AsErrorOutput(new ErrorRecord(record, error)) };
        input.Complete();
        if (Invoke(shell, input, report: false) == Outcome.Failed)
        {
            _console.WriteErrorLine(error.Message);
        }
    }

    private bool LastStatementSucceeded(Runspace runspace)
    {
        if (_host.RequestedExitCode is not null || _stop.ExitCode is not null)
        {
            return true;
        }

        return runspace.SessionStateProxy.GetVariable("?") is not false;
    }

    // Closing waits for what still runs in the session, maybe for ever; the process ends all the same.
    private static void Close(Runspace runspace)
    {
        var closing = new Thread(runspace.Close) { IsBackground = true, Name = "Switchyard.Host close" };
        closing.Start();
        closing.Join(CloseLimit);
    }

    private enum Outcome
    {
        Completed,
        Failed,
        Stopped,
    }
}
