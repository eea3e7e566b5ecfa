namespace Switchyard.Core.Harness;

/// <summary>What an item of a <see cref="FaultPlan"/> does.</summary>
internal enum ItemFault
{
    /// <summary>It writes and ends.</summary>
    None,

    /// <summary>It fails, however often it is tried.</summary>
    Fail,

    /// <summary>Its first two attempts fail.</summary>
    FailTwice,

    /// <summary>It computes for a while.</summary>
    Slow,

    /// <summary>Its first attempt does not end unless it is stopped.</summary>
    HangOnce,

    /// <summary>It does not end unless it is stopped.</summary>
    Hang,

    /// <summary>Neither a stop nor an interrupt ends it.</summary>
    Deaf,
}
