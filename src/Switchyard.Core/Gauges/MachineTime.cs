namespace Switchyard.Core.Gauges;

/// <summary>What the cores of a machine were used for, over all of them.</summary>
/// <param name="Stolen">How long programs were ready and had a core, which the host of this virtual machine gave to others.</param>
internal readonly record struct MachineTime(TimeSpan Busy, TimeSpan Stolen)
{
    /// <summary>How much longer than its processor time work has taken since another reading, as its cores were taken away: 0 for not at all, 1 for twice as long.</summary>
    public double StolenSince(MachineTime earlier) => Busy > earlier.Busy ? Math.Max(0, (Stolen - earlier.Stolen) / (Busy - earlier.Busy)) : 0;
}
