namespace Switchyard.Core.Transports;

/// <summary>The connection that a worker makes: the first to show the secret, and no other.</summary>
internal sealed class ConnectedWorker
{
    private readonly object _lock = new();
    private readonly TaskCompletionSource<Stream> _stream = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isOver;

    public bool TrySet(Stream stream)
    {
        lock (_lock)
        {
            return !_isOver && _stream.TrySetResult(stream);
        }
    }

    /// <exception cref="OperationCanceledException">The wait was ended.</exception>
    public Stream Await(CancellationToken cancellation)
    {
        try
        {
            _stream.Task.Wait(cancellation);
        }
        catch (OperationCanceledException)
        {
            lock (_lock)
            {
                _isOver = true;
            }

            if (_stream.Task.IsCompletedSuccessfully)
            {
                _stream.Task.Result.Dispose();
            }

            throw;
        }

        return _stream.Task.Result;
    }
}
