namespace Switchyard.Core.Policies.Simulation;

/// <summary>A worker in a simulated run.</summary>
internal sealed class SimulatedWorker
{
    public Stage[] Item { get; set; } = [];

    public int StageIndex { get; set; }

    public bool IsOpening { get; set; } = true;

    public bool HasRun { get; set; }

    public bool Holds { get; set; }

    public double Cpu { get; set; }

    /// <summary>How long its item was ready to run while others had the cores, in seconds.</summary>
    public double RunQueue { get; set; }

    public ThrottleToken Token { get; set; }
}
