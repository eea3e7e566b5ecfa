namespace Switchyard.Runspaces;

/// <summary>A module that the caller has imported.</summary>
/// <param name="Prefix">What its nouns begin with there; empty if they are its own.</param>
internal sealed record ClonedModule(string Path, string Prefix);
