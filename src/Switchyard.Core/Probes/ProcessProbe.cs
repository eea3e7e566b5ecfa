namespace Switchyard.Core.Probes;

/// <summary>Chooses how another process is read on this system.</summary>
public static class ProcessProbe
{
    /// <summary>Creates a probe.</summary>
    /// <param name="id">The number of the process.</param>
    /// <returns>The probe.</returns>
    public static IProcessProbe For(int id) => OperatingSystem.IsLinux() ? new LinuxProcessProbe(id) : new RuntimeProcessProbe(id);
}
