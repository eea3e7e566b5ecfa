using System.Text.RegularExpressions;

namespace Switchyard.Choosing.Known;

/// <summary>Names of what one process or one session has.</summary>
internal static partial class KnownNames
{
    // They tell of this process, or lead to what it shares.
    private static readonly HashSet<string> _ofProcess = new(
        [
            "Host", "ExecutionContext", "PID", "PSCmdlet", "MyInvocation", "Event", "EventArgs", "EventSubscriber", "Sender", "SourceArgs", "SourceEventArgs", "Runspace",
            "PSCommandPath", "PSScriptRoot", "PSSenderInfo", "PSDebugContext", "StackTrace",
        ],
        StringComparer.OrdinalIgnoreCase);

    // Objects that all of a session has.
    private static readonly HashSet<string> _ofSession =
        new(["PSStyle", "PSDefaultParameterValues", "PSVersionTable", "EnabledExperimentalFeatures"], StringComparer.OrdinalIgnoreCase);

    public static bool IsOfProcessVariable(string name) => _ofProcess.Contains(name);

    public static bool IsOfSessionVariable(string name) => _ofSession.Contains(name);

    /// <summary>Whether a text names a drive or file of one session or process, or what a shell calls its parent.</summary>
    public static bool IsOfProcess(string text) => text.AsSpan().IndexOfAny(":/Pp") >= 0 && OfProcess().IsMatch(text);

    [GeneratedRegex(@"^\s*(?:[\w.\\]*\\)?(?:env|environment|variable|function|alias|cert|wsman)::?\S*\s*$|/proc/(?:self|thread-self|\$)|\bPPID\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex OfProcess();
}
