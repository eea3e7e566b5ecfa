namespace Switchyard.Hosting;

/// <summary>Something that was written to the host directly.</summary>
/// <param name="Foreground">Its color; null for the usual.</param>
/// <param name="Background">The color behind it; null for the usual.</param>
internal sealed record HostText(string Text, bool EndsLine, ConsoleColor? Foreground = null, ConsoleColor? Background = null);
