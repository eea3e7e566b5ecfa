using System.Management.Automation;
using System.Management.Automation.Internal;
using System.Reflection;

namespace Microsoft.PowerShell.Commands;

/// <summary>How a command tells those before it in the pipeline that it has enough.</summary>
internal static class StopUpstream
{
    private static readonly ConstructorInfo Constructor =
        typeof(PSObject).Assembly.GetType("System.Management.Automation.StopUpstreamCommandsException", throwOnError: true)!
            .GetConstructor(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, [typeof(InternalCommand)])!;

    /// <summary>The exception to throw.</summary>
    public static Exception By(Cmdlet command) => (Exception)Constructor.Invoke([command]);
}
