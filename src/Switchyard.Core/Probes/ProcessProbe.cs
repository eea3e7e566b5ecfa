namespace Switchyard.Core.Probes;

/// <summary>Chooses how another process is read on this system.</summary>
internal static class ProcessProbe
{
    public static IProcessProbe For(int id) => OperatingSystem.IsLinux() ? new LinuxProcessProbe(id) : new RuntimeProcessProbe(id);
}
