namespace Switchyard.Core.Analysis;

/// <summary>What was seen of a process while it was watched.</summary>
internal sealed record WatchedProcess
{
    /// <summary>What it used; where it has several threads they may have used more than the time there was.</summary>
    public required WorkTimes Times { get; init; }

    /// <summary>How many threads it had at the end.</summary>
    public int ThreadCount { get; init; }

    /// <summary>Bytes of memory that it had in use at the end.</summary>
    public long WorkingSet { get; init; }

    /// <summary>Bytes read from a disk in that time; null if that may not be known.</summary>
    public long? ReadBytes { get; init; }

    /// <summary>Bytes written to a disk in that time; null if that may not be known.</summary>
    public long? WrittenBytes { get; init; }

    public int PollCount { get; init; }

    public bool HasEnded { get; init; }

    /// <summary>What a .NET runtime tells of itself; null if it is none, or did not answer.</summary>
    public RuntimeFigures? Runtime { get; init; }
}
