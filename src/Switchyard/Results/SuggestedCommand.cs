namespace Switchyard.Results;

/// <summary>What to run instead of what was measured: the same work, in the recommended way.</summary>
internal sealed record SuggestedCommand(string Name, Hashtable Parameters, string Text);
