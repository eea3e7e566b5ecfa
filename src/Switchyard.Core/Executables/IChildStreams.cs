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

    /// <summary>Whether something is held back that is to be handed on if nothing more comes.</summary>
    bool HoldsBack => false;

    /// <summary>Hands on what is left: a last line that was not ended.</summary>
    void End()
    {
    }
}
