namespace Switchyard.Core.Queues;

/// <summary>What became of an attempt to add to a queue.</summary>
internal enum AddResult
{
    Added,

    /// <summary>There is no room now.</summary>
    Full,

    /// <summary>The queue was completed or canceled and takes no more.</summary>
    Closed,
}
