using Switchyard.Core.Probes;

namespace Switchyard.Core.Trials.Metering;

/// <summary>What a worker's thread used from the start of one item to the end of the same or a later one.</summary>
internal readonly record struct SampleInterval(long Start, WorkReading Used);
