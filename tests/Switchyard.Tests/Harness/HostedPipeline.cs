using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Switchyard.Runspaces;

namespace Switchyard.Tests.Harness;

/// <summary>A real engine in this process that knows the module's commands.</summary>
internal sealed class HostedPipeline : IDisposable
{
    private const string Terminating = "SwitchyardTerminating";

    private readonly Runspace _runspace;

    public HostedPipeline(PSLanguageMode languageMode = PSLanguageMode.FullLanguage)
    {
        AddStandInsToModulePath();
        InitialSessionState initial = InitialSessionState.CreateDefault2();
        initial.LanguageMode = languageMode;
        ModuleCommands.AddTo(initial);
        _runspace = RunspaceFactory.CreateRunspace(initial);
        _runspace.ThreadOptions = PSThreadOptions.UseCurrentThread;
        _runspace.Open();
    }

    /// <summary>Runs a script to its end.</summary>
    /// <param name="script">The script.</param>
    /// <param name="variables">Variables that it finds.</param>
    /// <returns>All that it wrote.</returns>
    public HostedResult Run(string script, params (string Name, object? Value)[] variables)
    {
        Set(variables);
        Set((Terminating, null));

        // Outside a try, what ends a command does not end the script: it would look like any other error.
        using PowerShell shell = Create($"try {{ . {{ {script}\n}} }} catch {{ $global:{Terminating} = $_ }}");
        List<PSObject?> output = [];
        shell.Invoke(null, output);
        ErrorRecord? terminating = _runspace.SessionStateProxy.GetVariable(Terminating) switch
        {
            PSObject { BaseObject: ErrorRecord wrapped } => wrapped,
            ErrorRecord record => record,
            _ => null,
        };

        return new HostedResult
        {
            Output = output,
            Errors = [.. shell.Streams.Error],
            Streams = shell.Streams,
            Terminating = terminating,
        };
    }

    /// <summary>Sets variables of the session.</summary>
    /// <param name="variables">Names and values.</param>
    public void Set(params (string Name, object? Value)[] variables)
    {
        foreach ((string name, object? value) in variables)
        {
            _runspace.SessionStateProxy.SetVariable(name, value);
        }
    }

    /// <summary>Prepares a script, for tests that stop it.</summary>
    /// <param name="script">The script.</param>
    /// <returns>The shell, which the caller disposes.</returns>
    public PowerShell Create(string script)
    {
        PowerShell shell = PowerShell.Create();
        shell.Runspace = _runspace;
        shell.AddScript(script);
        return shell;
    }

    public void Dispose() => _runspace.Dispose();

    private static void AddStandInsToModulePath()
    {
        string path = Environment.GetEnvironmentVariable("PSModulePath") ?? string.Empty;
        if (!path.Contains(Repository.StandIns, StringComparison.Ordinal))
        {
            Environment.SetEnvironmentVariable("PSModulePath", Repository.StandIns + Path.PathSeparator + path);
        }
    }
}
