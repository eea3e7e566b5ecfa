namespace Switchyard.Core.SharedState.Calls;

/// <summary>A call as both ends see it: what is sent with it, and what comes back.</summary>
internal abstract class TypedCall<TArgument, TResult>(WireFormat<TArgument> argument, WireFormat<TResult> result) : StateCall
{
    public WireFormat<TArgument> Argument => argument;

    public WireFormat<TResult> Result => result;
}
