namespace Switchyard.Core.Analysis.Machines;

/// <summary>A machine of which nothing could be measured.</summary>
/// <param name="Message">Why, with its name.</param>
internal sealed record HostFailure(string Name, string Message);
