using Switchyard.Core.SharedState;
using Switchyard.Core.SharedState.Objects;
using Switchyard.SharedState;

namespace Switchyard;

/// <summary>
/// A queue that many put into and take from at once, the first in first out. Given as input to a batch it feeds that, and ends when it is
/// completed and nothing of it is at work any more: until then the batch's own items may put more in.
/// </summary>
public sealed class SharedQueue : SharedObject
{
    private readonly IQueue _queue;

    internal SharedQueue(QueueState state)
        : base(state) => _queue = state;

    internal SharedQueue(SharedAddress address)
        : base(address) => _queue = Hub.Queue(address);

    /// <summary>How many elements wait at this moment.</summary>
    public int Count => _queue.Count;

    /// <summary>The most elements that wait; 0 for as many as come.</summary>
    public int Capacity => _queue.Capacity;

    /// <summary>Whether nothing will come out any more.</summary>
    public bool IsCompleted => _queue.IsCompleted;

    /// <summary>The queue as input of a batch of this process; null if another process holds it.</summary>
    internal IInputSource? Input => _queue as IInputSource;

    private protected override int Detail => _queue.Capacity;

    /// <summary>Puts an element in. Waits for room in a queue that is full.</summary>
    /// <param name="value">The element.</param>
    public void Enqueue(object? value) => Enqueue(value, SharedWait.Endless);

    /// <summary>Puts an element in.</summary>
    /// <param name="value">The element.</param>
    /// <param name="timeout">How long to wait for room, in seconds; -1 for as long as it takes.</param>
    /// <exception cref="TimeoutException">There was no room in time.</exception>
    public void Enqueue(object? value, double timeout) => Enqueue(value, SharedWait.Of(timeout));

    /// <summary>Puts an element in.</summary>
    /// <param name="value">The element.</param>
    /// <param name="timeout">How long to wait for room.</param>
    /// <exception cref="TimeoutException">There was no room in time.</exception>
    public void Enqueue(object? value, TimeSpan timeout) => Enqueue(value, SharedWait.Of(timeout));

    /// <summary>Takes an element out, once there is one.</summary>
    /// <returns>The element.</returns>
    /// <exception cref="InvalidOperationException">The queue is completed, and none will come.</exception>
    public object? Dequeue() => Dequeue(SharedWait.Endless);

    /// <summary>Takes an element out, once there is one.</summary>
    /// <param name="timeout">How long to wait for one, in seconds; -1 for as long as it takes.</param>
    /// <returns>The element.</returns>
    /// <exception cref="TimeoutException">There was none in time.</exception>
    /// <exception cref="InvalidOperationException">The queue is completed, and none will come.</exception>
    public object? Dequeue(double timeout) => Dequeue(SharedWait.Of(timeout));

    /// <summary>Takes an element out, once there is one.</summary>
    /// <param name="timeout">How long to wait for one.</param>
    /// <returns>The element.</returns>
    /// <exception cref="TimeoutException">There was none in time.</exception>
    /// <exception cref="InvalidOperationException">The queue is completed, and none will come.</exception>
    public object? Dequeue(TimeSpan timeout) => Dequeue(SharedWait.Of(timeout));

    /// <summary>Takes an element out if there is one.</summary>
    /// <param name="value">The element.</param>
    /// <returns>False if there is none.</returns>
    public bool TryDequeue(out object? value) => TryDequeue(out value, WaitLimit.None);

    /// <summary>Takes an element out, once there is one: for a loop that ends with the queue.</summary>
    /// <param name="value">The element.</param>
    /// <param name="timeout">How long to wait for one, in seconds; -1 for as long as it takes.</param>
    /// <returns>False if the queue is completed and none will come, or there was none in time.</returns>
    public bool TryDequeue(out object? value, double timeout) => TryDequeue(out value, SharedWait.Of(timeout));

    /// <summary>Takes an element out, once there is one: for a loop that ends with the queue.</summary>
    /// <param name="value">The element.</param>
    /// <param name="timeout">How long to wait for one.</param>
    /// <returns>False if the queue is completed and none will come, or there was none in time.</returns>
    public bool TryDequeue(out object? value, TimeSpan timeout) => TryDequeue(out value, SharedWait.Of(timeout));

    /// <summary>
    /// Says that nothing more comes from outside. A batch that the queue feeds may still put more in as long as an item of it is at work.
    /// </summary>
    public void Complete() => _queue.Complete();

    private void Enqueue(object? value, in WaitLimit limit)
    {
        try
        {
            if (!_queue.TryEnqueue(SharedValues.Check(value), limit))
            {
                throw SharedWait.TimedOut(this, Messages.QueueWithoutRoom, limit);
            }
        }
        catch (OperationCanceledException)
        {
            throw SharedWait.Stopped();
        }
    }

    private object? Dequeue(in WaitLimit limit) => TryDequeue(out object? value, limit) ? value
        : IsCompleted ? throw new InvalidOperationException(MessageText.Format(Messages.QueueCompleted, this))
        : throw SharedWait.TimedOut(this, Messages.QueueWithoutElement, limit);

    private bool TryDequeue(out object? value, in WaitLimit limit)
    {
        try
        {
            return _queue.TryDequeue(out value, limit);
        }
        catch (OperationCanceledException)
        {
            throw SharedWait.Stopped();
        }
    }
}
