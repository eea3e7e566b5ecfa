namespace Switchyard.Core.Executables;

/// <summary>Hands on a child's bytes as they come: of its output as records of output, of its standard error as records of errors.</summary>
/// <param name="gathers">Whether output is gathered into larger arrays while it keeps coming.</param>
internal sealed class RawStreams(bool gathers, IItemSink sink) : IChildStreams
{
    private readonly ByteCollector? _output = gathers ? new ByteCollector(data => sink.Write(RecordKind.Output, data)) : null;

    public bool HoldsBack => _output is { IsEmpty: false };

    public void Output(ReadOnlySpan<byte> data)
    {
        if (_output is not null)
        {
            _output.Add(data);
        }
        else
        {
            sink.Write(RecordKind.Output, data.ToArray());
        }
    }

    public void Error(ReadOnlySpan<byte> data) => sink.Write(RecordKind.Error, data.ToArray());

    public void Idle() => _output?.Flush();

    public void End() => _output?.Flush();
}
