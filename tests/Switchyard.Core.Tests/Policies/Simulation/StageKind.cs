namespace Switchyard.Core.Policies.Simulation;

/// <summary>What an item does in a part of its life.</summary>
internal enum StageKind
{
    /// <summary>Uses a core.</summary>
    Compute,

    /// <summary>Waits, and uses nothing meanwhile.</summary>
    Wait,

    /// <summary>Takes one of a resource's units, after those who came before.</summary>
    Acquire,

    /// <summary>Gives it back.</summary>
    Release,

    /// <summary>Waits until another item is here too.</summary>
    Meet,

    /// <summary>Is served by the server, which all present items share.</summary>
    Serve,
}
