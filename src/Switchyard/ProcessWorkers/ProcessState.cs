using System.Reflection;
using Switchyard.Codec;
using Switchyard.Core.Executables;
using Switchyard.Core.Processes;
using Switchyard.Core.Transports;
using Switchyard.Engine;
using Switchyard.Parameters;

namespace Switchyard.ProcessWorkers;

/// <summary>
/// What of a worker process no session holds. The environment is the caller's while a batch runs, whatever an earlier one did to it, and
/// so are the current folder and the cultures; code that a batch loads stays, and so may what it runs in sessions of its own, so such a
/// process runs no other batch.
/// </summary>
/// <param name="isFar">Whether its callers are on another machine: then it keeps the environment that it has, but for what a batch changes of it.</param>
internal sealed class ProcessState(bool isFar)
{
    // It keeps a list of jobs for all sessions.
    private const string ThreadJobs = "Microsoft.PowerShell.ThreadJob";

    private const string TimeZone = "TZ";

    private readonly string _idleFolder = Environment.CurrentDirectory;
    private readonly HashSet<Assembly> _known = [];
    private readonly IReadOnlyDictionary<string, string?> _ownEnvironment = new ChildEnvironment([]).Variables.ToDictionary(pair => pair.Key, pair => (string?)pair.Value);

    // The worker's own. What a batch leaves is found after that one, or after the next if it began only at its end.
    private readonly HashSet<int> _knownRunspaces = [.. EngineSessions.OpenRunspaces()?.Select(runspace => runspace.Id) ?? []];

    // As they are before the first batch, on the thread that runs them all.
    private ProcessSettings? _settings;
    private IReadOnlyList<string> _modules = [];

    /// <summary>Leaves the process as it was started, for a batch that runs programs and no code.</summary>
    public void EnterAsItIs()
    {
        Enter();
        ApplyEnvironment(_ownEnvironment);
        TryMoveTo(_idleFolder);
        _known.UnionWith(AppDomain.CurrentDomain.GetAssemblies());
    }

    /// <summary>Has modules looked for in these folders first. Before its code is read, as that finds what its using statements name.</summary>
    public void UseModules(IReadOnlyList<string> folders)
    {
        _modules = folders;
        if (isFar)
        {
            Environment.SetEnvironmentVariable(SessionModules.ModulePath, WithModules(_ownEnvironment.GetValueOrDefault(SessionModules.ModulePath)));
        }
    }

    /// <summary>Makes the process what a batch wants it to be.</summary>
    /// <exception cref="Errors.BatchException">The folder that it names is not there.</exception>
    public void Enter(ProcessBatch batch)
    {
        Enter();
        ApplyEnvironment(isFar ? EnvironmentOf(batch) : batch.Environment);
        if (!isFar)
        {
            ProcessSettings.ApplyCodePages(batch.CodePages);
        }

        CultureInfo.CurrentCulture = batch.Settings.Host.CurrentCulture;
        CultureInfo.CurrentUICulture = batch.Settings.Host.CurrentUICulture;
        if (batch.CurrentDirectory is { } folder)
        {
            TryMoveTo(folder);
        }

        _known.UnionWith(AppDomain.CurrentDomain.GetAssemblies());
    }

    private void Enter()
    {
        if (_settings is null)
        {
            _settings = new ProcessSettings();
        }
        else
        {
            _settings.RestoreThread();
            MarkErrors();
        }
    }

    public bool TryLeave()
    {
        // The batch's folder can be removed then.
        TryMoveTo(_idleFolder);

        // The objects were the batch's.
        SharedObject.Hub.HangUp();

        // Where the engine does not tell what is open, anything may be.
        return _settings?.TryRestore() != false
            && EngineSessions.OpenRunspaces()?.All(runspace => _knownRunspaces.Contains(runspace.Id)) == true
            && !AppDomain.CurrentDomain.GetAssemblies().Any(assembly => !_known.Contains(assembly) && IsForeign(assembly));
    }

    // Past whatever a batch has made of Console.Error.
    private static void MarkErrors()
    {
        using Stream errors = Console.OpenStandardError();
        errors.Write(Encoding.UTF8.GetBytes(LastLines.BatchMark + "\n"));
    }

    private static void ApplyEnvironment(IReadOnlyDictionary<string, string?> wanted)
    {
        string? zone = Environment.GetEnvironmentVariable(TimeZone);
        foreach (DictionaryEntry entry in Environment.GetEnvironmentVariables())
        {
            string name = (string)entry.Key;
            if (!wanted.ContainsKey(name) && name != ChildEnvironment.MarkName)
            {
                Environment.SetEnvironmentVariable(name, null);
            }
        }

        foreach ((string name, string? value) in wanted)
        {
            if (Environment.GetEnvironmentVariable(name) != value)
            {
                Environment.SetEnvironmentVariable(name, value);
            }
        }

        if (Environment.GetEnvironmentVariable(TimeZone) != zone)
        {
            // Looked up once, and remembered.
            TimeZoneInfo.ClearCachedData();
        }
    }

    private Dictionary<string, string?> EnvironmentOf(ProcessBatch batch)
    {
        Dictionary<string, string?> variables = _ownEnvironment.ToDictionary(pair => pair.Key, pair => (string?)pair.Value);
        IEnumerable<KeyValuePair<string, string?>> threads = ThreadCountVariables.For(
            Environment.ProcessorCount, batch.WorkersPerHost > 0 ? batch.WorkersPerHost : Environment.ProcessorCount, variables.ContainsKey);
        foreach ((string name, string? value) in threads.Concat(batch.Environment))
        {
            variables[name] = value;
        }

        variables[SessionModules.ModulePath] = WithModules(variables.GetValueOrDefault(SessionModules.ModulePath));
        return variables;
    }

    private string? WithModules(string? path) => _modules.Count == 0 ? path : string.Join(Path.PathSeparator, [.. _modules, .. path is null ? Array.Empty<string>() : [path]]);

    private static void TryMoveTo(string folder)
    {
        try
        {
            Environment.CurrentDirectory = folder;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // It is gone, as the caller's own may be: relative paths mean nothing then, here as there.
            Debug.WriteLine(exception);
        }
    }

    /// <summary>Whether an assembly holds types that a script of another batch could find by their names, or jobs of the whole process.</summary>
    private static bool IsForeign(Assembly assembly)
    {
        if (assembly.GetName().Name is ThreadJobs)
        {
            return true;
        }

        if (assembly.IsDynamic)
        {
            return ScriptClass.IsOfScript(assembly) && assembly.GetName().Name != EnumShapes.AssemblyName;
        }

        // Of Add-Type, if it is in no file.
        return !ModuleFolders.IsOfEngine(assembly.Location);
    }
}
