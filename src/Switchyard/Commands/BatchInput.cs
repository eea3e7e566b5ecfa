using Switchyard.Core.Journal;
using Switchyard.Engine;
using Switchyard.Errors;
using Switchyard.Streams;
using Switchyard.Work;

namespace Switchyard.Commands;

/// <summary>The input of a batch: what is piped in, and what that stands for.</summary>
/// <param name="journal">Knows which are done; null without one.</param>
/// <param name="total">Takes how many items come, where that can be known.</param>
internal sealed class BatchInput(BatchCommandBase command, IBatchFront front, BatchWork work, RunJournal? journal, ExpectedTotal total)
{
    // Asking costs as much as a trivial item, so it is done only where the answer may not be yes.
    private readonly bool _asksForEach = MustAskForEach(command);

    private UpstreamStop? _upstream;
    private bool _isRefused;
    private bool _hasCounted;

    /// <summary>Whether the run took no more before the input ended: its end has been reported.</summary>
    public bool IsOver => _upstream is not null || _isRefused;

    private bool AccountsForItems => command.AsResult || command.MaxFailures > 0 || journal is not null;

    public void Take(PSObject? input)
    {
        if (IsOver)
        {
            // The input could not be ended.
            StopUpstream();
            return;
        }

        CountOnce();
        object? bare = PSObjects.Unwrap(input);
        if (bare is ScriptBlock)
        {
            Refuse(input, SessionErrors.ScriptBlockNotAllowed(ItemText.Quote(input), bare).Record);
            return;
        }

        if (bare is BatchJournalEntry entry)
        {
            // It stands for its item: what failed is piped from a journal straight into another batch.
            if (!entry.HasInput)
            {
                Refuse(input, JournalErrors.ItemNotInJournal(entry.ItemText, entry));
                return;
            }

            input = entry.InputObject is null ? null : PSObject.AsPSObject(entry.InputObject);
            bare = PSObjects.Unwrap(input);
        }

        if (bare is SharedQueue queue)
        {
            AddQueue(queue);
        }
        else if (work.Blocks is { } blocks && bare is not InputBlock)
        {
            AddBlocks(blocks, input);
        }
        else if (!_asksForEach || MayRun(input))
        {
            Add(Prepare(input));
        }
    }

    /// <summary>Nothing more is piped in.</summary>
    public void End()
    {
        foreach (InputBlock last in IsOver ? [] : work.Blocks?.End() ?? [])
        {
            PSObject block = PSObject.AsPSObject(last);
            _isRefused = (!_asksForEach || MayRun(block)) && !front.Add(Prepare(block));
        }
    }

    private void AddBlocks(IBlockInput blocks, PSObject? input)
    {
        try
        {
            foreach (InputBlock made in blocks.Take(input))
            {
                PSObject block = PSObject.AsPSObject(made);
                if (!_asksForEach || MayRun(block))
                {
                    Add(Prepare(block));
                }
            }
        }
        catch (BatchException exception)
        {
            Refuse(input, exception.Record);
        }
    }

    // Where each is asked about, it is not known how many will be run, nor into how many blocks a stream will be cut.
    private void CountOnce()
    {
        if (!_hasCounted)
        {
            _hasCounted = true;
            total.Counted = total.Given is null && !_asksForEach && work.Blocks is null ? PipedCollection.Count(command) : null;
        }
    }

    private object? Prepare(PSObject? input)
    {
        try
        {
            return work.Prepare(input);
        }
        catch (BatchException exception)
        {
            if (!AccountsForItems)
            {
                command.ThrowTerminatingError(exception.Record);
            }

            return new PreparedItem(input) { Failure = exception.Record };
        }
    }

    private static bool MustAskForEach(BatchCommandBase command) =>
        command.IsGiven("WhatIf")
        || command.IsGiven("Confirm")
        || LanguagePrimitives.IsTrue(command.SessionState.PSVariable.GetValue("WhatIfPreference", false))
        || (LanguagePrimitives.TryConvertTo(
                command.SessionState.PSVariable.GetValue("ConfirmPreference", ConfirmImpact.High), out ConfirmImpact impact)
            && impact is ConfirmImpact.Low or ConfirmImpact.Medium);

    private void Add(object? item)
    {
        // The run takes no more, so the commands before this one can stop.
        if (!front.Add(item))
        {
            _upstream = new UpstreamStop(command);
            StopUpstream();
        }
    }

    private void StopUpstream()
    {
        if (!_upstream!.TryStop())
        {
            command.ThrowTerminatingError(RunErrors.InputNotStopped());
        }
    }

    // Where items are accounted for it is one that fails: it has its result and its place, and counts.
    private void Refuse(PSObject? input, ErrorRecord error)
    {
        if (AccountsForItems && !command.OnlySaysWhatIf)
        {
            Add(new PreparedItem(input) { Failure = error });
        }
        else
        {
            total.Counted = null;
            command.WriteError(error);
        }
    }

    private void AddQueue(SharedQueue queue)
    {
        total.Counted = null;
        if (_asksForEach && !command.ShouldProcess(queue.ToString(), work.ActionFor(queue)))
        {
            return;
        }

        try
        {
            if (queue.Input is not { } source)
            {
                throw SharedStateErrors.QueueNotHere(queue);
            }

            if (command.AsJob && work.PreparesItems)
            {
                throw SharedStateErrors.QueueArguments(queue);
            }

            front.AddSource(new PreparedInput(source, work));
        }
        catch (InvalidOperationException)
        {
            command.ThrowTerminatingError(SharedStateErrors.QueueNotFirst(queue).Record);
        }
        catch (BatchException exception)
        {
            command.ThrowTerminatingError(exception.Record);
        }
    }

    // What will not be run again is not asked about.
    private bool MayRun(PSObject? input) =>
        journal?.WouldSkip(input) == true ? !command.OnlySaysWhatIf : command.ShouldProcess(ItemText.Of(input), ActionFor(input));

    private string ActionFor(PSObject? input)
    {
        string action = work.ActionFor(input);
        return !command.RunsGroups ? action
            : command.BatchSize > 0 ? MessageText.Format(Messages.ShouldProcessGroup, action, command.BatchSize)
            : MessageText.Format(Messages.ShouldProcessFitting, action);
    }
}
