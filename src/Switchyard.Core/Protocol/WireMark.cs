namespace Switchyard.Core.Protocol;

/// <summary>A place in what a <see cref="WireWriter"/> has written.</summary>
/// <param name="Length">How much there was.</param>
/// <param name="Blobs">How many arrays that travel by themselves.</param>
public readonly record struct WireMark(int Length, int Blobs);
