namespace Switchyard.Core.Processes.Trees;

/// <summary>The system's table of processes.</summary>
internal interface IProcessTable
{
    IReadOnlyList<ProcessEntry> Read();
}
