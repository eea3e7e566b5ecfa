namespace Switchyard.Core.Executables;

/// <summary>A part of a file, in bytes.</summary>
/// <param name="Path">The file's full path.</param>
internal sealed record FilePart(string Path, long Offset, long Length);
