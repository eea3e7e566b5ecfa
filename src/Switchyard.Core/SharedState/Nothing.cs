namespace Switchyard.Core.SharedState;

/// <summary>What a call is given that needs no argument, or gives that has no result.</summary>
internal readonly struct Nothing;
