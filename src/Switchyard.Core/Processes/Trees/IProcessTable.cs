namespace Switchyard.Core.Processes.Trees;

/// <summary>The system's table of processes.</summary>
internal interface IProcessTable
{
    /// <summary>Whether it tells marks. Otherwise what has lost its parent and left its group is not found any more.</summary>
    bool HasMarks { get; }

    IReadOnlyList<ProcessEntry> Read();
}
