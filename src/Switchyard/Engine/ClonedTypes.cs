namespace Switchyard.Engine;

/// <summary>The classes and enums that the caller's code sees by name, without which a worker knows only those in the body itself.</summary>
/// <param name="ResolutionState">The engine's own note of the namespaces that the code uses and the names that it defines.</param>
internal sealed record ClonedTypes(object ResolutionState, IReadOnlyDictionary<string, Type> Types);
