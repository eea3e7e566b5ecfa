namespace Switchyard.Core.SharedState.Objects;

/// <summary>A queue that many put into and take from, here or in another process.</summary>
internal interface IQueue
{
    int Count { get; }

    /// <summary>The most elements that wait; 0 for as many as come.</summary>
    int Capacity { get; }

    /// <summary>Whether nothing will come out any more: it is completed, empty, and no batch that has it as input may put more in.</summary>
    bool IsCompleted { get; }

    /// <summary>Puts an element in, once there is room.</summary>
    /// <returns>False if there was no room in time.</returns>
    /// <exception cref="InvalidOperationException">The queue is completed.</exception>
    bool TryEnqueue(object? value, in WaitLimit limit);

    /// <summary>Takes an element out, once there is one.</summary>
    bool TryDequeue(out object? value, in WaitLimit limit);

    /// <summary>Says that nothing more comes from outside. What a batch that has it as input puts in is still taken, as long as an item of that is at work.</summary>
    void Complete();
}
