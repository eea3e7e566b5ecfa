using Switchyard.Core.Items;

namespace Switchyard.Core.Harness;

/// <summary>An item that runs on a remote worker.</summary>
/// <param name="Value">The item.</param>
/// <param name="Sink">Where it writes.</param>
/// <param name="End">The remote worker.</param>
/// <param name="Stop">Is canceled when the item is to stop.</param>
internal sealed record FakeItem(int Value, IItemSink Sink, FakeTransport End, CancellationToken Stop)
{
    public void Write(object? value) => Sink.Write(RecordKind.Output, value);
}
