namespace Switchyard.Core.SharedState.Calls;

/// <summary>What came of an operation. All but the first are followed by a message.</summary>
internal enum StateStatus : byte
{
    Done,
    Disposed,
    NotPossible,
    BadValue,
}
