using Switchyard.Core.Items;

namespace Switchyard.Core.Harness;

/// <summary>What a scripted item can do besides plain code.</summary>
internal sealed class ItemContext(int workerNumber, Gate stopping, Gate itemStopping, IItemSink sink)
{
    public int WorkerNumber => workerNumber;

    public void Write(object? value) => sink.Write(RecordKind.Output, value);

    public void Write(RecordKind kind, object? value) => sink.Write(kind, value);

    /// <summary>Waits as a good item does: it gives way to a stop.</summary>
    public void WaitFor(WaitHandle handle)
    {
        switch (WaitHandle.WaitAny([handle, stopping.Handle, itemStopping.Handle], Bounded.Limit))
        {
            case 0:
                return;
            case 1 or 2:
                throw new OperationCanceledException();
            default:
                throw new TimeoutException("Neither the awaited nor a stop came.");
        }
    }

    public void WaitFor(Gate gate) => WaitFor(gate.Handle);

    /// <summary>Waits as the worst item does: neither stop nor interrupt ends it.</summary>
    public static void ClingTo(Gate gate)
    {
        while (true)
        {
            // Every look at the gate, even one that does not wait, may be where an interrupt strikes.
            try
            {
                gate.Pass();
                return;
            }
            catch (ThreadInterruptedException)
            {
                // That is what makes it the worst.
            }
        }
    }
}
