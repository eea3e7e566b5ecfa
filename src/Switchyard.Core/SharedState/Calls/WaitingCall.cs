using Switchyard.Core.Protocol;
using Switchyard.Core.SharedState.Objects;

namespace Switchyard.Core.SharedState.Calls;

/// <summary>A call that may have to wait. The time that it may take is sent before its argument; the reply begins with whether it was done in that.</summary>
internal sealed class WaitingCall<TState, TArgument, TResult>(
    WireFormat<TArgument> argument, WireFormat<TResult> result, WaitingCall<TState, TArgument, TResult>.Attempt attempt)
    : TypedCall<(TimeSpan Timeout, TArgument Argument), (bool IsDone, TResult? Result)>(
        WireFormats.Pair(WireFormats.Time, argument), WireFormats.Optional(result))
    where TState : SharedObjectState
{
    public delegate bool Attempt(TState state, TArgument argument, in WaitLimit limit, StateServerConnection caller, out TResult result);

    public override void Serve(SharedObjectState state, WireReader reader, StateServerConnection caller)
    {
        TState target = Cast<TState>(state);
        (TimeSpan timeout, TArgument given) = Argument.Read(reader, caller.Replies.Codec);
        bool isDone = attempt(target, given, WaitLimit.None, caller, out TResult value);
        if (isDone || timeout == TimeSpan.Zero)
        {
            caller.Replies.Done(Result, (isDone, value));
        }
        else
        {
            Wait(target, given, timeout, caller);
        }
    }

    // On its own for its closure, which a call that need not wait does without.
    private void Wait(TState target, TArgument given, TimeSpan timeout, StateServerConnection caller) =>
        caller.Wait(timeout, (limit, replies) =>
        {
            bool isDone = attempt(target, given, limit, caller, out TResult value);
            replies.Done(Result, (isDone, value));
        });
}
