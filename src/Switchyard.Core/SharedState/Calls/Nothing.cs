namespace Switchyard.Core.SharedState.Calls;

/// <summary>What a call is given that needs no argument, or gives that has no result.</summary>
internal readonly struct Nothing;
