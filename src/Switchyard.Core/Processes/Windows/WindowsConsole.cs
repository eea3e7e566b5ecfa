using System.Reflection;
using System.Runtime.Versioning;

namespace Switchyard.Core.Processes.Windows;

/// <summary>The console that this process shares with its children on Windows.</summary>
[SupportedOSPlatform("windows")]
internal static class WindowsConsole
{
    private const uint ControlBreak = 1;

    // Since .NET 10; this is compiled for older ones too.
    private static readonly PropertyInfo? _createNewGroup = typeof(ProcessStartInfo).GetProperty("CreateNewProcessGroup");

    public static bool IsPresent => WindowsCalls.GetConsoleCodePage() != 0;

    /// <summary>Lets a child lead a group of processes, so that Ctrl+Break can be sent to it and not to this process.</summary>
    /// <returns>False where that cannot be done.</returns>
    public static bool TryLeadGroup(ProcessStartInfo start)
    {
        if (_createNewGroup is null)
        {
            return false;
        }

        _createNewGroup.SetValue(start, true);
        return true;
    }

    public static void SendBreak(int group) => _ = WindowsCalls.SendConsoleEvent(ControlBreak, (uint)group);
}
