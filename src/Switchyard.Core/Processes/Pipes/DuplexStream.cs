using Switchyard.Core.Protocol;

namespace Switchyard.Core.Processes.Pipes;

/// <summary>Two streams as one: what is read comes from the first, what is written goes to the second.</summary>
internal sealed class DuplexStream(Stream input, Stream output) : TwoWayStream
{
    public override int Read(Span<byte> buffer) => input.Read(buffer);

    public override void Write(ReadOnlySpan<byte> buffer) => output.Write(buffer);

    public override void Flush() => output.Flush();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            // First: its end is what the other side is waiting for.
            output.Dispose();
            input.Dispose();
        }

        base.Dispose(disposing);
    }
}
