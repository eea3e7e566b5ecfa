using Switchyard.Core.Processes;
using Switchyard.Core.Protocol;

namespace Switchyard.Core.RemoteExecutables;

/// <summary>What a worker has to say of a program, as plain data: its caller makes errors and warnings of it.</summary>
/// <param name="Index">The item that it is about; -1 if it is about none.</param>
internal sealed record ProgramReport(ReportKind Kind, long Index)
{
    /// <summary>A line, a program's name, or what the system said.</summary>
    public string Text { get; init; } = string.Empty;

    public ExitReason Reason { get; init; }

    public IReadOnlyList<string> LastErrors { get; init; } = [];

    /// <summary>Whether the system there has no room, and fewer programs at a time may do.</summary>
    public bool IsShortage { get; init; }

    public void Write(WireWriter writer)
    {
        writer.WriteByte((byte)Kind);
        writer.WriteSigned(Index);
        writer.WriteString(Text);
        writer.WriteSigned(Reason.ExitCode);
        writer.WriteSigned(Reason.Signal ?? 0);
        writer.WriteString(Reason.WaitedForTerminal);
        writer.WriteBoolean(IsShortage);
        writer.WriteCount(LastErrors.Count);
        foreach (string line in LastErrors)
        {
            writer.WriteString(line);
        }
    }

    public static ProgramReport Read(WireReader reader)
    {
        ProgramReport report = new((ReportKind)reader.ReadByte(), reader.ReadSigned())
        {
            Text = reader.ReadText(),
            Reason = new ExitReason((int)reader.ReadSigned())
            {
                Signal = (int)reader.ReadSigned() is not 0 and var signal ? signal : null,
                WaitedForTerminal = reader.ReadString(),
            },
            IsShortage = reader.ReadBoolean(),
        };
        string[] lines = new string[reader.ReadCount()];
        for (int i = 0; i < lines.Length; i++)
        {
            lines[i] = reader.ReadText();
        }

        return report with { LastErrors = lines };
    }
}
