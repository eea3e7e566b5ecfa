using System.Management.Automation.Language;
using Switchyard.Core.Protocol;
using Switchyard.Engine;

namespace Switchyard.Codec.Records;

/// <summary>Where an error was written, on its way between processes.</summary>
internal static class PositionCodec
{
    public static void Write(WireWriter writer, InvocationInfo? invocation)
    {
        writer.WriteBoolean(invocation is not null);
        if (invocation is null)
        {
            return;
        }

        writer.WriteString(invocation.MyCommand is CmdletInfo cmdlet ? cmdlet.Name : null);
        writer.WriteString(invocation.ScriptName);
        writer.WriteSigned(invocation.ScriptLineNumber);
        writer.WriteSigned(invocation.OffsetInLine);
        writer.WriteString(invocation.Line);

        // How long what is underlined is, which only the position itself knows.
        IScriptExtent? extent = EngineErrors.PositionOf(invocation);
        writer.WriteSigned(extent?.EndLineNumber ?? invocation.ScriptLineNumber);
        writer.WriteSigned(extent?.EndColumnNumber ?? invocation.OffsetInLine);
    }

    /// <param name="source">Completes lines of the caller's file, of which the worker has only the body; null where that is not known.</param>
    public static InvocationInfo? Read(WireReader reader, SourceLines? source)
    {
        if (!reader.ReadBoolean())
        {
            return null;
        }

        string? command = reader.ReadString();
        string? file = reader.ReadString();
        int line = (int)reader.ReadSigned();
        int column = (int)reader.ReadSigned();
        string text = reader.ReadString() ?? string.Empty;
        text = source?.Complete(file, line, text) ?? text;
        int endLine = (int)reader.ReadSigned();
        int endColumn = (int)reader.ReadSigned();
        ScriptPosition start = new(file, line, column, text);
        ScriptPosition end = new(file, endLine, endColumn, text);
        return EngineErrors.CreateInvocation(command, new ScriptExtent(start, end));
    }
}
