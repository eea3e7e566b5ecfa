namespace Switchyard.Runspaces.Cloning;

/// <summary>A module that the caller has imported.</summary>
internal sealed record ClonedModule(string Path, string Prefix);
