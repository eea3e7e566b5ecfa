namespace Switchyard.Core.Processes;

/// <summary>Tests that count what the whole process holds, and so run while no other test does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessCounts
{
    public const string Name = "Process counts";
}
