namespace Switchyard.Core.Journal.Outputs;

/// <summary>A success of an earlier run whose output is wanted.</summary>
/// <param name="Run">The number of that run.</param>
/// <param name="Index">The item's position in its input.</param>
/// <param name="At">Where the last chunk of its output is; -1 if it could not be kept.</param>
internal readonly record struct KeptSuccess(int Run, long Index, long At);
