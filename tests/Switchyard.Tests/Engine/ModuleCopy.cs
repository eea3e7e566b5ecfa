using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using Switchyard.Codec;
using Switchyard.Codec.Providers;
using Switchyard.Commands;
using Switchyard.Core.Protocol;
using Switchyard.Engine;
using Switchyard.Runspaces.Sessions;

namespace Switchyard.Tests.Engine;

/// <summary>The module loaded once more, for which some of the engine's members are missing.</summary>
internal sealed class ModuleCopy : IDisposable
{
    private readonly Assembly _module;
    private readonly Runspace _runspace;

    public ModuleCopy(string hidden)
    {
        // The module under test asks once, and has asked then.
        RuntimeHelpers.RunClassConstructor(typeof(EngineMembers).TypeHandle);
        AssemblyLoadContext context = new(hidden);
        _module = context.LoadFromAssemblyPath(typeof(EngineMembers).Assembly.Location);
        AppContext.SetData(EngineMembers.HideSwitch, hidden);
        try
        {
            RuntimeHelpers.RunClassConstructor(Type(typeof(EngineMembers)).TypeHandle);
        }
        finally
        {
            AppContext.SetData(EngineMembers.HideSwitch, null);
        }

        ForgetCommands();
        InitialSessionState initial = InitialSessionState.CreateDefault2();
        Call(typeof(ModuleCommands), nameof(ModuleCommands.AddTo), initial);
        _runspace = RunspaceFactory.CreateRunspace(initial);
        _runspace.Open();
    }

    /// <summary>What the copy misses.</summary>
    public IReadOnlyList<string> Missing => (IReadOnlyList<string>)Type(typeof(EngineMembers)).GetProperty(nameof(EngineMembers.Missing))!.GetValue(null)!;

    /// <summary>Whether bodies are run by steps that are the engine's own.</summary>
    public bool ReusesScopes => (bool)Type(typeof(ReusedScope)).GetProperty(nameof(ReusedScope.IsUsed))!.GetValue(null)!;

    /// <summary>Runs a script.</summary>
    /// <param name="script">The script, which writes text.</param>
    /// <param name="write">Takes what it writes, as it is written.</param>
    public void Run(string script, Action<string> write)
    {
        using PowerShell shell = PowerShell.Create(_runspace);
        shell.AddScript(script);
        using PSDataCollection<PSObject> output = [];
        output.DataAdded += (_, added) => write(output[added.Index]?.ToString() ?? "<null>");
        shell.Invoke(null, output);
        foreach (ErrorRecord error in shell.Streams.Error)
        {
            write("ERROR " + error);
        }
    }

    /// <summary>Takes a value to another process and back.</summary>
    public object? RoundTrip(object? value)
    {
        WireWriter writer = new() { SendsBlobs = false };
        object values = Make(typeof(ValueWriter));
        values.GetType().GetMethod(nameof(ValueWriter.Write))!.Invoke(values, [writer, value]);
        byte[] bytes = writer.ToArray();
        WireReader reader = new();
        reader.Reset(bytes, 0, bytes.Length, []);
        object arrived = Make(typeof(ValueReader), Make(typeof(ProviderObjects), Array.Empty<PSDriveInfo>(), Array.Empty<ProviderInfo>()), null);
        return arrived.GetType().GetMethod(nameof(ValueReader.Read))!.Invoke(arrived, [reader]);
    }

    public void Dispose()
    {
        ((IModuleAssemblyCleanup)Make(typeof(ModuleLifecycle))).OnRemove(null!);
        _runspace.Dispose();
        ForgetCommands();
    }

    // The engine keeps what it knows of a command's parameters by the name of its type, and would bind those of another copy.
    private static void ForgetCommands()
    {
        Forget("CommandMetadata", "s_commandMetadataCache");
        Forget("InternalParameterMetadata", "s_parameterMetadataCache");
    }

    private static void Forget(string type, string cache) => ((IDictionary)typeof(CommandMetadata).Assembly
        .GetType("System.Management.Automation." + type, throwOnError: true)!
        .GetField(cache, BindingFlags.Static | BindingFlags.NonPublic)!.GetValue(null)!).Clear();

    // The copy's own of a type of the module's.
    private Type Type(Type type) => _module.GetType(type.FullName!, throwOnError: true)!;

    private object Make(Type type, params object?[] arguments) => Activator.CreateInstance(Type(type), arguments)!;

    private void Call(Type type, string method, params object?[] arguments) => Type(type).GetMethod(method)!.Invoke(null, arguments);
}
