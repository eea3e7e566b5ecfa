namespace Switchyard.Core.Control;

/// <summary>What can be asked of a session about its batches.</summary>
internal enum ControlAction : byte
{
    /// <summary>Which there are.</summary>
    List = 1,

    /// <summary>How many items of one may run at a time.</summary>
    SetThrottle = 2,

    Suspend = 3,

    Resume = 4,

    Stop = 5,

    /// <summary>One item of a batch is to be stopped.</summary>
    StopItem = 6,
}
