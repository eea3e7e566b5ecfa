using System.Security.Cryptography;

namespace Switchyard.Core.Transports.Callbacks;

/// <summary>What lets workers in: a token that is good for so many connections, and no more.</summary>
/// <param name="count">How many.</param>
internal sealed class CallbackInvitation(int count) : IDisposable
{
    public const int TokenLength = 32;

    private readonly byte[] _token = RandomNumberGenerator.GetBytes(TokenLength);
    private readonly object _lock = new();
    private readonly Queue<CallbackConnection> _connections = [];
    private readonly SemaphoreSlim _arrived = new(0);
    private int _left = count;
    private bool _isOver;

    public ReadOnlySpan<byte> Token => _token;

    public bool Matches(ReadOnlySpan<byte> token) => CryptographicOperations.FixedTimeEquals(token, _token);

    /// <summary>Takes a connection that has shown the token.</summary>
    /// <returns>False if it comes too late, or is one too many.</returns>
    public bool TryAdd(CallbackConnection connection)
    {
        lock (_lock)
        {
            if (_isOver || _left == 0)
            {
                return false;
            }

            _left--;
            _connections.Enqueue(connection);
            _arrived.Release();
            return true;
        }
    }

    /// <summary>Waits for a worker's connection. On any thread.</summary>
    /// <exception cref="OperationCanceledException">The wait was ended.</exception>
    public CallbackConnection Await(CancellationToken cancellation)
    {
        _arrived.Wait(cancellation);
        lock (_lock)
        {
            return _connections.Dequeue();
        }
    }

    /// <summary>Accepts no more connections, and closes those that were not waited for.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _isOver = true;
            foreach (CallbackConnection connection in _connections)
            {
                connection.Stream.Dispose();
            }

            _connections.Clear();
        }
    }
}
