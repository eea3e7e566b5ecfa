using System.Collections;

namespace Switchyard.Results;

/// <summary>What to run instead of what was measured: the same work, in the recommended way.</summary>
/// <param name="Text">Both with the input of the measurement, as text.</param>
internal sealed record SuggestedCommand(string Name, Hashtable Parameters, string Text);
