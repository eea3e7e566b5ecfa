namespace Switchyard.Core.Processes.Trees;

/// <summary>The system's table of processes.</summary>
internal interface IProcessTable
{
    /// <summary>Reads the table.</summary>
    /// <returns>The living processes; those that have exited and were not waited for are none.</returns>
    IReadOnlyList<ProcessEntry> Read();
}
