namespace Switchyard.Core.Analysis;

/// <summary>How items are best run.</summary>
public enum Recommendation
{
    /// <summary>One after another: nothing would be gained.</summary>
    Sequential,

    /// <summary>On threads of this process.</summary>
    Threads,

    /// <summary>On processes of their own.</summary>
    Processes,
}
