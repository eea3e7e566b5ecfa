namespace Switchyard.Core.Stopping;

/// <summary>The steps of a <see cref="StopLadder"/>, in their order.</summary>
internal enum StopStep
{
    /// <summary>It is asked to stop, as its kind can be asked.</summary>
    Ask,

    Interrupt,

    Abandon,
}
