using Switchyard.Core.Policies;
using Switchyard.Core.Processes;

namespace Switchyard.Core.Executables;

/// <summary>
/// A worker that keeps one process and asks it one line for each item. A process that has died, or can no longer be trusted, is
/// replaced for the next item.
/// </summary>
internal sealed class LineWorker(
    ExecutableOptions options, IExecutableCalls calls, ChildFamily family, CrashLoopDetector crashLoop, int number)
    : ChildWorker(options, calls, family, number)
{
    private LineConversation? _conversation;
    private object? _lastInput;

    public override void Dispose()
    {
        Drop();
        base.Dispose();
    }

    protected override ItemEnd RunCall(in BatchItem item, ExecutableCall call, IItemSink sink)
    {
        object? input = item.Input;
        LineConversation conversation = Converse(call, sink);
        bool hasAnswered = conversation.TryAsk(input, call.Input!.Value, out string answer);
        return hasAnswered && !conversation.WasEnded
            ? EndAnswered(conversation, input, answer, sink)
            : EndGone(conversation, input, hasAnswered ? answer : null, sink);
    }

    protected override void Finish(IItemSink sink)
    {
        if (_conversation is { } conversation)
        {
            conversation.Close(Options.Grace);
            if (conversation.TryTakeSurplus(out string line))
            {
                Calls.Report(sink, _lastInput, new ProgramReport(ReportKind.AnsweredTwice, line));
            }

            Drop();
        }
    }

    protected override void Recover() => Drop();

    /// <summary>Takes the process that there is, if it is as it was left, or starts one.</summary>
    private LineConversation Converse(ExecutableCall call, IItemSink sink)
    {
        if (_conversation is { } present)
        {
            bool isAlive = present.PollEvents();
            if (present.TryTakeSurplus(out string line))
            {
                Calls.Report(sink, _lastInput, new ProgramReport(ReportKind.AnsweredTwice, line));
                present.End(Options.Grace);
                Drop();
            }
            else if (!isAlive)
            {
                // Between two items, so it costs none.
                present.Reap();
                Drop();
            }
        }

        return _conversation ??= Start(call, sink);
    }

    private LineConversation Start(ExecutableCall call, IItemSink sink)
    {
        ChildProcess child = StartChild(call, ChildInput.Pipe);
        LineStreams streams = new(Options, Calls, sink);
        return new LineConversation(child, streams, new ChildFollower(child, streams, StopRequest, Options.Grace));
    }

    private ItemEnd EndAnswered(LineConversation conversation, object? input, string answer, IItemSink sink)
    {
        crashLoop.NoteAnswer();
        ItemEnd end = new(ItemStatus.Succeeded) { CpuTime = conversation.EndItem() };
        if (conversation.TryTakeSurplus(out string line))
        {
            // Which of the two is the answer cannot be told.
            Calls.Report(sink, input, new ProgramReport(ReportKind.AnsweredTwice, line));
            conversation.End(Options.Grace);
            Drop();
            return end with { Status = ItemStatus.Failed };
        }

        sink.Write(RecordKind.Output, answer);
        _lastInput = input;
        return end;
    }

    /// <summary>Ends an item with its process, and takes all that this wrote until it was gone, such as the prompt that it waited at.</summary>
    /// <param name="answer">Its answer, if it gave one in its grace time.</param>
    private ItemEnd EndGone(LineConversation conversation, object? input, string? answer, IItemSink sink)
    {
        ExitReason reason = conversation.WasEnded ? conversation.End(Options.Grace) : conversation.Reap();
        bool wasEnded = conversation.WasEnded && reason.WaitedForTerminal is null;
        IReadOnlyList<string> lastErrors = conversation.LastErrors;
        List<string> said = answer is null ? [] : [answer];
        while (conversation.TryTakeSurplus(out string line))
        {
            said.Add(line);
        }

        Drop();
        said.ForEach(line => sink.Write(RecordKind.Output, line));

        // Its own end also ends a line.
        bool isAnswer = said.Count == 1 && (wasEnded ? answer is not null : reason.IsSuccess);
        ItemEnd end = new(
            isAnswer ? ItemStatus.Succeeded
            : wasEnded ? ItemStatus.Canceled
            : reason.WaitedForTerminal is null ? ItemStatus.Crashed
            : ItemStatus.Failed)
        {
            IsFinal = reason.WaitedForTerminal is not null,
            ExitCode = reason.ExitCode,
            CpuTime = reason.CpuTime - conversation.CpuTimeBefore,
        };
        if (isAnswer)
        {
            crashLoop.NoteAnswer();
        }

        if (isAnswer || wasEnded)
        {
            return end;
        }

        ProgramReport report = new(ReportKind.WorkerDied) { Reason = reason, LastErrors = lastErrors };
        Calls.Report(sink, input, report);
        if (!crashLoop.NoteCrash())
        {
            return end;
        }

        // The item has its error; the run ends with one that says why no other will fare better.
        throw new WorkerStartException(Messages.LineWorkerExits) { Subject = Calls.Make(null, report with { Kind = ReportKind.WorkersExitAtOnce }), End = end };
    }

    private void Drop()
    {
        _conversation?.Dispose();
        _conversation = null;
    }
}
