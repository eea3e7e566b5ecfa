namespace Switchyard.Core.Executables.Arguments;

/// <summary>A piece of an argument: text, or a placeholder.</summary>
/// <param name="Text">The text, if it is none.</param>
/// <param name="Placeholder">The placeholder.</param>
internal readonly record struct ArgumentPart(string Text, ArgumentPlaceholder Placeholder);
