using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Switchyard.Host.Hosting;

/// <summary>What the host itself needs of the engine beyond its public surface. Each member works without: something is lost, nothing breaks.</summary>
internal static class EngineInternals
{
    private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;

    /// <summary>
    /// Lets the next script file report <c>exit</c> as an <see cref="ExitException"/>. Without it the script's exit code could not
    /// be told from the one of the last program it ran: both are in $LASTEXITCODE.
    /// </summary>
    public static void RethrowExitOfNextScript(Runspace runspace)
    {
        object? context = typeof(Runspace).GetProperty("ExecutionContext", Hidden)?.GetValue(runspace);
        context?.GetType().GetProperty("ScriptCommandProcessorShouldRethrowExit", Hidden)?.SetValue(context, true);
    }

    /// <summary>Makes the engine read where its cache of module analyses is kept, now and not at the first command.</summary>
    public static void StartModuleAnalysisCache()
    {
        if (typeof(PSObject).Assembly.GetType("System.Management.Automation.AnalysisCache") is { } cache)
        {
            RuntimeHelpers.RunClassConstructor(cache.TypeHandle);
        }
    }

    /// <summary>Marks an object so that Out-Default writes it as an error.</summary>
    public static PSObject AsErrorOutput(ErrorRecord error)
    {
        var wrapped = PSObject.AsPSObject(error);
        PropertyInfo? stream = typeof(PSObject).GetProperty("WriteStream", Hidden);
        stream?.SetValue(wrapped, Enum.Parse(stream.PropertyType, "Error"));
        return wrapped;
    }
}
