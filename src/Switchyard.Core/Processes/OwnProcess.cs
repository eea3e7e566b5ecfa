using Switchyard.Core.Processes.Unix;

namespace Switchyard.Core.Processes;

/// <summary>Ends this very process, without letting anything of it have its way first.</summary>
internal static class OwnProcess
{
    public static void Kill()
    {
        using Process own = Process.GetCurrentProcess();
        own.Kill();
    }

    /// <summary>Ends this process and, where it leads a process group of its own, that: what it has started and was not moved out of it.</summary>
    public static void KillGroup()
    {
        // If it does not lead one, there is no group of that number.
        if (!OperatingSystem.IsWindows())
        {
            _ = UnixCalls.Kill(-Environment.ProcessId, UnixCalls.SigKill);
        }

        Kill();
    }
}
