using Switchyard.Core.Protocol;
using Switchyard.Core.SharedState.Objects;

namespace Switchyard.Core.SharedState.Calls;

/// <summary>A call that is done at once.</summary>
internal sealed class DirectCall<TState, TArgument, TResult>(
    WireFormat<TArgument> argument, WireFormat<TResult> result, Func<TState, TArgument, StateServerConnection, TResult> run)
    : TypedCall<TArgument, TResult>(argument, result)
    where TState : SharedObjectState
{
    public override void Serve(SharedObjectState state, WireReader reader, StateServerConnection caller) =>
        caller.Replies.Done(Result, run(Cast<TState>(state), Argument.Read(reader, caller.Replies.Codec), caller));
}
