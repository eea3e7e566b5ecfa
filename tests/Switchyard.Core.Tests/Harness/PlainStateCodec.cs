using Switchyard.Core.Protocol;
using Switchyard.Core.SharedState;
using Switchyard.Core.SharedState.Calls;

namespace Switchyard.Core.Harness;

/// <summary>Takes texts, numbers and null to the other end. What begins with "unsendable" cannot be sent, "unreadable" cannot be read.</summary>
internal sealed class PlainStateCodec : IStateCodec
{
    public SharedOrigin Origin { get; set; }

    public void Write(WireWriter writer, object? value)
    {
        if (value is string text)
        {
            if (text.StartsWith("unsendable", StringComparison.Ordinal))
            {
                throw new NotSupportedException("It cannot be sent.");
            }

            writer.WriteByte(1);
            writer.WriteString(text);
        }
        else if (value is null)
        {
            writer.WriteByte(0);
        }
        else
        {
            writer.WriteByte(2);
            writer.WriteSigned((int)value);
        }
    }

    public object? Read(WireReader reader)
    {
        object? value = reader.ReadByte() switch
        {
            1 => reader.ReadText(),
            0 => null,
            _ => (int)reader.ReadSigned(),
        };
        return value is "unreadable" ? throw new NotSupportedException("It cannot be read.") : value;
    }
}
