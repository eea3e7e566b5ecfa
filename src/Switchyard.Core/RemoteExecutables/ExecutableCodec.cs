using Microsoft.Win32.SafeHandles;
using Switchyard.Core.Executables;
using Switchyard.Core.Files;
using Switchyard.Core.Processes.Pipes;
using Switchyard.Core.Protocol;
using Switchyard.Core.RemoteWorkers.Client;

namespace Switchyard.Core.RemoteExecutables;

/// <summary>
/// The caller's side of one worker that runs programs elsewhere. What belongs to the caller stays with it: arguments and input are made here, and lines, files and
/// errors of what comes back, by the code that does so for programs of this machine.
/// </summary>
/// <param name="options">Of the program; where it is and what it finds there is the other machine's.</param>
/// <param name="slot">Number of the worker, from 1.</param>
internal sealed class ExecutableCodec(ExecutableOptions options, IExecutableCalls calls, int slot) : IRemoteCodec
{
    private ItemStreams? _streams;
    private ItemFiles? _files;
    private BatchItem _last;
    private WorkerStartException? _failure;
    private bool _isSpoiled;

    public void WriteItem(WireWriter writer, in BatchItem item)
    {
        ExecutableCall call = calls.Prepare(item, slot);
        if (call.Failure is { } failure)
        {
            throw new ItemRefusedException(failure);
        }

        try
        {
            byte[]? input = call.InputPath is { } path ? BusyFile.Use(() => Read(path)) : call.InputPart is { } part ? Read(part) : call.Input?.ToArray();
            new RemoteCall(item.Index, [.. call.Arguments], input).Write(writer);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FrameTooLargeException)
        {
            throw new ItemRefusedException(calls.Make(item.Input, new ProgramReport(ReportKind.StreamFailed, exception))) { IsFinal = exception is FrameTooLargeException };
        }
    }

    public bool ReadRecord(WireReader reader, RecordKind kind, in BatchItem item, IItemSink sink)
    {
        switch ((RecordContent)reader.ReadByte())
        {
            case RecordContent.OutputBytes:
                return TryTake(reader.ReadBytes(), isError: false, item, sink);
            case RecordContent.ErrorBytes:
                return TryTake(reader.ReadBytes(), isError: true, item, sink);
            case RecordContent.Answer:
                sink.Write(RecordKind.Output, reader.ReadText());
                return true;
            case RecordContent.Report:
                Tell(ProgramReport.Read(reader), item, sink);
                return true;
            default:
                throw new MalformedFrameException(Messages.WorkerRecordOfNoKind);
        }
    }

    public ItemEnd End(in BatchItem item, in ItemEnd end, IItemSink sink)
    {
        ItemEnd known = end;
        try
        {
            Finish(item, end.ExitCode, sink);
        }
        catch (Exception exception) when (IsOfStreams(exception))
        {
            Spoil(item, exception, sink);
        }

        if (_isSpoiled)
        {
            known = end with { Status = ItemStatus.Failed, ExitCode = null };
        }

        Reset();
        _last = item;
        return _failure is null ? known : throw _failure;
    }

    public void Drop(IItemSink? sink)
    {
        try
        {
            if (sink is not null)
            {
                _streams?.End();
            }
        }
        catch (Exception exception) when (IsOfStreams(exception))
        {
            // Its worker's end is what is told of it.
            Debug.WriteLine(exception);
        }
        finally
        {
            Reset();
        }
    }

    private static byte[] Read(string path)
    {
        // A log that is still being written can be read.
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        using MemoryStream content = new();
        file.CopyTo(content);
        return content.ToArray();
    }

    private static byte[] Read(FilePart part)
    {
        if (part.Length > FrameLimits.MaxLength)
        {
            throw new FrameTooLargeException(MessageText.Format(Messages.BlockTooLargeToSend, FrameLimits.MaxLength / 1024 / 1024));
        }

        using SafeFileHandle file = FileBlocks.Open(part.Path);
        Func<ReadOnlyMemory<byte>> read = FileBlocks.Read(file, part, most: 1024 * 1024);
        byte[] content = new byte[part.Length];
        int count = 0;
        for (ReadOnlyMemory<byte> next = read(); !next.IsEmpty; next = read())
        {
            next.CopyTo(content.AsMemory(count));
            count += next.Length;
        }

        return content;
    }

    private static bool IsOfStreams(Exception exception) => exception is IOException or UnauthorizedAccessException or LineTooLongException;

    private bool TryTake(byte[] data, bool isError, in BatchItem item, IItemSink sink)
    {
        if (item.Index < 0)
        {
            throw new MalformedFrameException(Messages.WorkerRecordOfNoKind);
        }

        if (_isSpoiled)
        {
            return true;
        }

        try
        {
            ItemStreams streams = Streams(item, sink);
            if (isError)
            {
                streams.Error(data);
            }
            else
            {
                streams.Output(data);
                streams.Idle();
            }

            return true;
        }
        catch (Exception exception) when (IsOfStreams(exception))
        {
            Spoil(item, exception, sink);
            return false;
        }
    }

    private ItemStreams Streams(in BatchItem item, IItemSink sink)
    {
        _files ??= options.OutputFolder?.Open(item);
        return _streams ??= new ItemStreams(options, calls, item.Input, sink, _files);
    }

    /// <summary>Ends what a program wrote, which was run to whatever end if that has an exit code.</summary>
    private void Finish(in BatchItem item, int? exitCode, IItemSink sink)
    {
        _streams?.End();
        if (_isSpoiled || exitCode is not { } code || options.OutputFolder is null)
        {
            return;
        }

        Streams(item, sink);
        string path = _files!.Commit(code);
        if (item.Account?.Own is { } account)
        {
            account.OutputPath = path;
        }
    }

    private void Spoil(in BatchItem item, Exception cause, IItemSink sink)
    {
        Reset();
        _isSpoiled = true;
        calls.Report(sink, item.Input, new ProgramReport(ReportKind.StreamFailed, cause));
    }

    private void Reset()
    {
        _files?.Dispose();
        (_files, _streams, _isSpoiled) = (null, null, false);
    }

    private void Tell(ProgramReport report, in BatchItem item, IItemSink sink)
    {
        // It has ended: what it wrote last comes before what is said of that.
        _streams?.End();
        object? input = report.Kind is ReportKind.FileNotSent or ReportKind.FileNotReceived ? item.Input
            : report.Index < 0 ? null
            : report.Index == _last.Index && report.Index != item.Index ? _last.Input
            : item.Input;
        switch (report.Kind)
        {
            case ReportKind.CannotStart:
                throw new WorkerStartException(report.Text) { IsShortage = report.IsShortage, Subject = calls.Make(null, report) };
            case ReportKind.WorkersExitAtOnce:
                // Told with the end of the item that it was found out by.
                _failure = new WorkerStartException(Messages.LineWorkerExits) { Subject = calls.Make(null, report) };
                break;
            default:
                calls.Report(sink, input, report);
                break;
        }
    }
}
