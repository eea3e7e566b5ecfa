using Switchyard.Core.Processes;
using Switchyard.Core.Protocol;

namespace Switchyard.Core.Executables;

/// <summary>What has happened to a program, as plain data: the caller makes an error or a warning of it.</summary>
/// <param name="Text">A line, a program's name, or what the system said.</param>
internal sealed record ProgramReport(ReportKind Kind, string Text = "")
{
    /// <param name="cause">Says what is the matter.</param>
    public ProgramReport(ReportKind kind, Exception cause)
        : this(kind, cause.Message) => Cause = cause;

    /// <summary>Of a report that travels, the item that it is about; -1 if it is about none.</summary>
    public long Index { get; init; } = -1;

    public Exception? Cause { get; init; }

    public ExitReason Reason { get; init; }

    public IReadOnlyList<string> LastErrors { get; init; } = [];

    public bool IsWarning => Kind is ReportKind.LeftProcessesBehind or ReportKind.OnlyInFile;

    /// <summary>Whether the system there has no room, and fewer programs at a time may do.</summary>
    public bool IsShortage => Cause is ChildStartException { IsShortage: true };

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

    /// <exception cref="MalformedFrameException">It is of no known kind.</exception>
    public static ProgramReport Read(WireReader reader)
    {
        ReportKind kind = (ReportKind)reader.ReadByte();
        long index = reader.ReadSigned();
        string text = reader.ReadText();
        ExitReason reason = new((int)reader.ReadSigned())
        {
            Signal = (int)reader.ReadSigned() is not 0 and var signal ? signal : null,
            WaitedForTerminal = reader.ReadString(),
        };
        bool isShortage = reader.ReadBoolean();
        string[] lines = new string[reader.ReadCount()];
        for (int i = 0; i < lines.Length; i++)
        {
            lines[i] = reader.ReadText();
        }

        return new ProgramReport(kind, text)
        {
            Index = index,
            Cause = kind switch
            {
                ReportKind.StartFailed or ReportKind.CannotStart => new ChildStartException(text) { IsShortage = isShortage },
                ReportKind.StreamFailed => new IOException(text),
                <= ReportKind.OnlyInFile => null,
                _ => throw new MalformedFrameException(Messages.WorkerRecordOfNoKind),
            },
            Reason = reason,
            LastErrors = lines,
        };
    }
}
