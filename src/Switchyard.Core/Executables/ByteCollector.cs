using System.Buffers;

namespace Switchyard.Core.Executables;

/// <summary>Gathers a child's bytes into larger arrays.</summary>
internal sealed class ByteCollector(Action<byte[]> handOn)
{
    private const int MaxLength = 1024 * 1024;

    private readonly ArrayBufferWriter<byte> _gathered = new();

    /// <summary>Whether there is nothing to hand on.</summary>
    public bool IsEmpty => _gathered.WrittenCount == 0;

    /// <summary>Takes bytes, and hands them on once there are enough.</summary>
    public void Add(ReadOnlySpan<byte> data)
    {
        _gathered.Write(data);
        if (_gathered.WrittenCount >= MaxLength)
        {
            Flush();
        }
    }

    /// <summary>Hands on what there is, if there is anything.</summary>
    public void Flush()
    {
        if (!IsEmpty)
        {
            handOn(_gathered.WrittenSpan.ToArray());
            _gathered.ResetWrittenCount();
        }
    }
}
