namespace Switchyard.Core.Probes;

/// <summary>Chooses how a thread's use of the machine is read on this system.</summary>
internal static class WorkProbe
{
    /// <summary>Creates a probe of the calling thread.</summary>
    public static IWorkProbe ForThisThread() => OperatingSystem.IsLinux() ? new LinuxWorkProbe() : new RuntimeWorkProbe();
}
