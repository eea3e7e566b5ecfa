namespace Switchyard.Tests.Help;

/// <summary>An example of a page.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Code">What is typed.</param>
/// <param name="Output">What it is said to write, if that is said.</param>
/// <param name="Text">What is said of it.</param>
internal sealed record ExampleText(string Title, string Code, string? Output, string Text);
