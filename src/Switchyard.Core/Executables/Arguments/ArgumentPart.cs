namespace Switchyard.Core.Executables.Arguments;

/// <summary>A piece of an argument: text, or a placeholder.</summary>
internal readonly record struct ArgumentPart(string Text, ArgumentPlaceholder Placeholder);
