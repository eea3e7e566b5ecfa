namespace Switchyard.Core.Harness;

/// <summary>Holds threads until the test lets them through.</summary>
internal sealed class Gate : IDisposable
{
    private readonly ManualResetEvent _event = new(false);

    public WaitHandle Handle => _event;

    public bool IsOpen => _event.WaitOne(0);

    public void Open() => _event.Set();

    public void Pass()
    {
        if (!_event.WaitOne(Bounded.Limit))
        {
            throw new TimeoutException("The gate was not opened.");
        }
    }

    public void Dispose() => _event.Dispose();
}
