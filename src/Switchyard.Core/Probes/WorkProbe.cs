namespace Switchyard.Core.Probes;

/// <summary>Chooses how a thread's use of the machine is read on this system.</summary>
public static class WorkProbe
{
    /// <summary>Creates a probe of the calling thread.</summary>
    /// <returns>The probe.</returns>
    public static IWorkProbe ForThisThread() => OperatingSystem.IsLinux() ? new LinuxWorkProbe() : new RuntimeWorkProbe();
}
