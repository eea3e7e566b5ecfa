namespace Switchyard.Core.Protocol;

/// <summary>A place in what a <see cref="WireWriter"/> has written.</summary>
internal readonly record struct WireMark(int Length, int Blobs);
