using Switchyard.Core.Executables;
using Switchyard.Core.Protocol;

namespace Switchyard.Core.RemoteExecutables;

/// <summary>What a program is given for an item, on its way to the worker: all of it, as nothing of the item's can be looked up there.</summary>
/// <param name="Index">The item's, by which what is said of it is known.</param>
internal sealed record RemoteCall(long Index, string[] Arguments, byte[]? Input)
{
    public void Write(WireWriter writer)
    {
        writer.WriteVariable((ulong)Index);
        writer.WriteCount(Arguments.Length);
        foreach (string argument in Arguments)
        {
            writer.WriteString(argument);
        }

        writer.WriteBoolean(Input is not null);
        if (Input is not null)
        {
            writer.WriteBytes(Input);
        }
    }

    public static RemoteCall Read(WireReader reader)
    {
        long index = (long)reader.ReadVariable();
        string[] arguments = new string[reader.ReadCount()];
        for (int i = 0; i < arguments.Length; i++)
        {
            arguments[i] = reader.ReadText();
        }

        return new RemoteCall(index, arguments, reader.ReadBoolean() ? reader.ReadBytes() : null);
    }

    /// <param name="before">What stands before its arguments, such as the script that it is to run.</param>
    public ExecutableCall ToCall(IReadOnlyList<string> before) => new()
    {
        Arguments = before.Count == 0 ? Arguments : [.. before, .. Arguments],
        Input = Input is null ? null : (ReadOnlyMemory<byte>?)Input,
    };
}
