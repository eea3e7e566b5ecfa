using Microsoft.Win32.SafeHandles;
using Switchyard.Core.Processes;
using Switchyard.Core.Processes.Unix;

namespace Switchyard.Core.Executables;

/// <summary>A worker that starts an executable for each item.</summary>
internal sealed class ExecutableWorker(ExecutableOptions options, IExecutableCalls calls, ChildFamily family, int number)
    : ChildWorker(options, calls, family, number)
{
    // What a pipe holds.
    private const int FeedLength = 64 * 1024;

    private static readonly TimeSpan _flushBytesAfter = TimeSpan.FromMilliseconds(50);

    protected override ItemEnd RunCall(in BatchItem item, ExecutableCall call, IItemSink sink)
    {
        object? input = item.Input;
        BatchItem own = item;
        using ItemFiles? files = Options.OutputFolder is { } folder ? OpenFile(() => folder.Open(own)) : null;
        ExitReason reason = RunChild(input, call, sink, files, out bool wasEnded);
        string? path = files?.Commit(reason.ExitCode);
        if (item.Account is { } account)
        {
            account.OutputPath = path;
        }

        if (reason.WaitedForTerminal is { } program)
        {
            // It would again.
            Calls.Report(sink, input, new ProgramReport(ReportKind.TerminalWanted, program));
            return new ItemEnd(ItemStatus.Failed) { ExitCode = reason.ExitCode, CpuTime = reason.CpuTime, IsFinal = true };
        }

        ItemStatus status = reason.IsSuccess ? ItemStatus.Succeeded : ItemStatus.Failed;
        if (wasEnded)
        {
            // Its deadline or the end of the run is the reason, and says so.
            status = ItemStatus.Canceled;
        }
        else if (!reason.IsSuccess)
        {
            Calls.Report(sink, input, new ProgramReport(ReportKind.NonZeroExit) { Reason = reason });
        }

        return new ItemEnd(status) { ExitCode = reason.ExitCode, CpuTime = reason.CpuTime };
    }

    private ExitReason RunChild(object? input, ExecutableCall call, IItemSink sink, ItemFiles? files, out bool wasEnded)
    {
        bool hasTerminal = Options.InputMode == InputMode.Terminal;
        using SafeFileHandle? inputFile = hasTerminal ? UnixTerminal.TryOpen() : call.InputPath is null ? null : OpenFile(() => FileBlocks.Open(call.InputPath));
        using SafeFileHandle? partFile = call.InputPart is null ? null : OpenFile(() => FileBlocks.Open(call.InputPart.Path));
        ChildInput childInput = hasTerminal ? ChildInput.Terminal : inputFile is not null ? ChildInput.File : call.Input is null && partFile is null ? ChildInput.None : ChildInput.Pipe;
        using ChildProcess child = StartChild(call, childInput, inputFile);
        IChildStreams streams = Options.IsRaw ? new RawStreams(Options.AsBytes, sink) : new ItemStreams(Options, Calls, input, sink, files);
        ChildFollower follower = new(child, streams, StopRequest, Options.Grace);
        if (call.Input is { } bytes)
        {
            follower.Feed(bytes, isLast: true);
        }
        else if (partFile is not null)
        {
            follower.Feed(FileBlocks.Read(partFile, call.InputPart!, FeedLength));
        }

        while (follower.Step(streams.HoldsBack ? _flushBytesAfter : Timeout.InfiniteTimeSpan))
        {
        }

        streams.End();
        if (follower.WasOutstayed)
        {
            Calls.Report(sink, input, new ProgramReport(ReportKind.LeftProcessesBehind));
        }

        wasEnded = follower.WasEnded;
        return child.Reap();
    }
}
