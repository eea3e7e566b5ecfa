using Switchyard.Core.Protocol;
using Switchyard.Core.SharedState.Objects;

namespace Switchyard.Core.SharedState.Calls;

/// <summary>Something that another process can ask of a shared object. <see cref="StateCalls"/> has all of them.</summary>
internal abstract class StateCall
{
    /// <summary>Does it in the process that holds the object, and replies.</summary>
    /// <exception cref="MalformedFrameException">No object of this kind does that.</exception>
    public abstract void Serve(SharedObjectState state, WireReader reader, StateServerConnection caller);

    protected static TState Cast<TState>(SharedObjectState state)
        where TState : SharedObjectState =>
        state as TState ?? throw new MalformedFrameException(Messages.SharedActionUnknown);
}
