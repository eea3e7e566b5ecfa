using Switchyard.Codec.Providers;
using Switchyard.Codec.Records;
using Switchyard.Core.Protocol;
using Switchyard.Engine;

namespace Switchyard.Codec;

/// <summary>What items write to PowerShell's streams, on its way between processes. For one thread at a time.</summary>
internal sealed class RecordCodec(ValueWriter values, ValueReader reads, SourceLines? source = null)
{
    private const byte NoTarget = 0;
    private const byte ItemTarget = 1;
    private const byte OtherTarget = 2;

    public RecordCodec(ValueWriter values)
        : this(values, new ValueReader(new ProviderObjects([], []), readShared: null))
    {
    }

    public RecordCodec(ValueReader reads)
        : this(new ValueWriter(), reads)
    {
    }

    /// <summary>The stream that a record is of.</summary>
    /// <exception cref="NotSupportedException">It is of none.</exception>
    public static RecordKind KindOf(object record) => record switch
    {
        ErrorRecord => RecordKind.Error,
        WarningRecord => RecordKind.Warning,
        VerboseRecord => RecordKind.Verbose,
        DebugRecord => RecordKind.Debug,
        InformationRecord => RecordKind.Information,
        ProgressRecord => RecordKind.Progress,
        _ => throw new NotSupportedException(MessageText.Format(Messages.RecordOfForeignType, record.GetType())),
    };

    public void Write(WireWriter writer, RecordKind kind, object? value, object? item)
    {
        switch (value)
        {
            case not null when kind == RecordKind.Output:
            case null:
                values.Write(writer, value);
                break;
            case ErrorRecord error:
                WriteError(writer, error, item);
                break;
            case ShownRecord shown:
                writer.WriteBoolean(true);
                WriteSaid(writer, shown.Record);
                break;
            case ProgressRecord progress:
                WriteProgress(writer, progress);
                break;
            default:
                writer.WriteBoolean(false);
                WriteSaid(writer, value);
                break;
        }
    }

    public object? Read(WireReader reader, RecordKind kind, object? item) => kind switch
    {
        RecordKind.Output => reads.Read(reader),
        RecordKind.Error => ReadError(reader, item),
        RecordKind.Progress => ReadProgress(reader),
        _ => reader.ReadBoolean() ? new ShownRecord(ReadSaid(reader, kind)) : ReadSaid(reader, kind),
    };

    public void WriteError(WireWriter writer, ErrorRecord error, object? item)
    {
        ExceptionCodec.Write(writer, error.Exception, values);
        writer.WriteString(error.FullyQualifiedErrorId);
        writer.WriteCount((int)error.CategoryInfo.Category);
        writer.WriteString(error.CategoryInfo.Activity);
        writer.WriteString(error.CategoryInfo.Reason);
        writer.WriteString(error.CategoryInfo.TargetName);
        writer.WriteString(error.CategoryInfo.TargetType);
        writer.WriteString(error.ErrorDetails?.Message);
        writer.WriteString(error.ErrorDetails?.RecommendedAction);
        writer.WriteString(error.ScriptStackTrace);
        WriteTarget(writer, error.TargetObject, item);
        PositionCodec.Write(writer, error.InvocationInfo);
    }

    public ErrorRecord ReadError(WireReader reader, object? item)
    {
        Exception exception = ExceptionCodec.Read(reader, reads);
        string id = reader.ReadString() ?? string.Empty;
        ErrorCategory category = (ErrorCategory)reader.ReadCount(0);
        string? activity = reader.ReadString();
        string? reason = reader.ReadString();
        string? targetName = reader.ReadString();
        string? targetType = reader.ReadString();
        string? details = reader.ReadString();
        string? action = reader.ReadString();
        string? trace = reader.ReadString();
        object? target = ReadTarget(reader, item);
        ErrorRecord error = new(exception, id, category, target);
        EngineErrors.Restore(error, id, PositionCodec.Read(reader, source), trace);
        error.CategoryInfo.Activity = activity ?? string.Empty;
        error.CategoryInfo.Reason = reason ?? string.Empty;
        error.CategoryInfo.TargetName = targetName ?? string.Empty;
        error.CategoryInfo.TargetType = targetType ?? string.Empty;
        if (details is not null)
        {
            error.ErrorDetails = new ErrorDetails(details) { RecommendedAction = action };
        }

        return error;
    }

    private void WriteSaid(WireWriter writer, object record)
    {
        switch (record)
        {
            case InformationRecord information:
                WriteInformation(writer, information);
                break;
            case InformationalRecord said:
                writer.WriteString(said.Message);
                break;
            default:
                throw new NotSupportedException(MessageText.Format(Messages.RecordOfForeignType, record.GetType()));
        }
    }

    private object ReadSaid(WireReader reader, RecordKind kind) => kind switch
    {
        RecordKind.Warning => new WarningRecord(reader.ReadString() ?? string.Empty),
        RecordKind.Verbose => new VerboseRecord(reader.ReadString() ?? string.Empty),
        RecordKind.Debug => new DebugRecord(reader.ReadString() ?? string.Empty),
        RecordKind.Information => ReadInformation(reader),
        _ => throw new MalformedFrameException(Messages.RecordOfNoKind),
    };

    private void WriteTarget(WireWriter writer, object? target, object? item)
    {
        if (target is null)
        {
            writer.WriteByte(NoTarget);
            return;
        }

        if (item is not null && (ReferenceEquals(PSObjects.Unwrap(target), PSObjects.Unwrap(item)) || Equals(target, item)))
        {
            writer.WriteByte(ItemTarget);
            return;
        }

        writer.WriteByte(OtherTarget);
        WireMark mark = writer.Mark();
        try
        {
            values.Write(writer, target);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // What the error is about cannot be sent. That there was an error can.
            writer.Undo(mark);
            values.Write(writer, target.GetType().ToString());
        }
    }

    private object? ReadTarget(WireReader reader, object? item) => reader.ReadByte() switch
    {
        NoTarget => null,
        ItemTarget => PSObjects.Unwrap(item),
        _ => PSObjects.Unwrap(reads.Read(reader)),
    };

    private void WriteInformation(WireWriter writer, InformationRecord record)
    {
        writer.WriteString(record.Source);
        values.Write(writer, record.TimeGenerated);
        writer.WriteVariable(record.ProcessId);
        writer.WriteVariable(record.NativeThreadId);
        writer.WriteVariable(record.ManagedThreadId);
        writer.WriteString(record.User);
        writer.WriteString(record.Computer);
        writer.WriteCount(record.Tags.Count);
        foreach (string tag in record.Tags)
        {
            writer.WriteString(tag);
        }

        HostInformationMessage? message = PSObjects.Unwrap(record.MessageData) as HostInformationMessage;
        writer.WriteBoolean(message is not null);
        if (message is null)
        {
            values.Write(writer, record.MessageData);
            return;
        }

        writer.WriteString(message.Message);
        values.Write(writer, message.NoNewLine);
        values.Write(writer, message.ForegroundColor);
        values.Write(writer, message.BackgroundColor);
    }

    private InformationRecord ReadInformation(WireReader reader)
    {
        string? source = reader.ReadString();
        DateTime time = reads.Read(reader) is DateTime known ? known : throw new MalformedFrameException(Messages.RecordWithoutTime);
        uint process = (uint)reader.ReadVariable();
        uint native = (uint)reader.ReadVariable();
        uint managed = (uint)reader.ReadVariable();
        string? user = reader.ReadString();
        string? computer = reader.ReadString();
        List<string> tags = [];
        for (int count = reader.ReadCount(); count > 0; count--)
        {
            tags.Add(reader.ReadText());
        }

        object? data = reader.ReadBoolean()
            ? new HostInformationMessage
            {
                Message = reader.ReadString(),
                NoNewLine = reads.Read(reader) as bool?,
                ForegroundColor = reads.Read(reader) as ConsoleColor?,
                BackgroundColor = reads.Read(reader) as ConsoleColor?,
            }
            : reads.Read(reader);
        InformationRecord record = new(data, source)
        {
            TimeGenerated = time, ProcessId = process, NativeThreadId = native, ManagedThreadId = managed, User = user, Computer = computer,
        };
        record.Tags.AddRange(tags);
        return record;
    }

    private static void WriteProgress(WireWriter writer, ProgressRecord record)
    {
        writer.WriteSigned(record.ActivityId);
        writer.WriteSigned(record.ParentActivityId);
        writer.WriteString(record.Activity);
        writer.WriteString(record.StatusDescription);
        writer.WriteString(record.CurrentOperation);
        writer.WriteSigned(record.PercentComplete);
        writer.WriteSigned(record.SecondsRemaining);
        writer.WriteBoolean(record.RecordType == ProgressRecordType.Completed);
    }

    private static ProgressRecord ReadProgress(WireReader reader)
    {
        int id = (int)reader.ReadSigned();
        int parent = (int)reader.ReadSigned();
        string activity = reader.ReadString() is { Length: > 0 } text ? text : " ";
        string status = reader.ReadString() is { Length: > 0 } description ? description : " ";
        return new ProgressRecord(id, activity, status)
        {
            ParentActivityId = parent,
            CurrentOperation = reader.ReadString(),
            PercentComplete = (int)reader.ReadSigned(),
            SecondsRemaining = (int)reader.ReadSigned(),
            RecordType = reader.ReadBoolean() ? ProgressRecordType.Completed : ProgressRecordType.Processing,
        };
    }
}
