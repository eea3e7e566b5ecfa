namespace Switchyard.Core.Executables;

/// <summary>Takes what a child writes, as it comes.</summary>
internal interface IChildStreams
{
    /// <param name="data">The bytes; only valid during the call.</param>
    void Output(ReadOnlySpan<byte> data);

    /// <param name="data">The bytes; only valid during the call.</param>
    void Error(ReadOnlySpan<byte> data);

    /// <summary>Nothing has come for a while: what is held back is to be handed on.</summary>
    void Idle();
}
