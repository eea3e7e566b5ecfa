using Switchyard.Engine;
using Switchyard.Runspaces.Sessions;

namespace Switchyard.Runspaces;

/// <summary>
/// Runs inside a worker's one pipeline, takes items and runs the body for each. As the body is called from here, its ends are
/// known: <c>throw</c>, <c>break</c>, <c>continue</c> and <c>exit</c> arrive as exceptions and end the item, nothing more. A
/// <c>try</c> around the body in script would not do: inside one, <c>1/0; $_</c> means something else.
/// </summary>
[Cmdlet(VerbsLifecycle.Invoke, "ItemLoop")]
internal sealed class ItemLoopCommand : PSCmdlet
{
    private BodyRunner _runner = null!;

    [Parameter(Mandatory = true)]
    public ItemLoop Loop { get; set; } = null!;

    protected override void EndProcessing()
    {
        ItemLoop loop = Loop;
        EnginePipelines.RedirectOutput(this, loop.Output);
        _runner = new BodyRunner(this);
        SessionJobs jobs = loop.Session.UseJobs(JobRepository);
        while (loop.Source.TryTake(out BatchItem item))
        {
            loop.Begin(item.Input);
            loop.Sink.Complete(Run(loop, item.Input));
            loop.Begin(null);
        }

        // The next batch in this session is to see none of these.
        jobs.Clear();
    }

    private ItemEnd Run(ItemLoop loop, object? input)
    {
        if (input is PreparedItem prepared)
        {
            if (prepared.Failure is { } failure)
            {
                loop.Sink.Write(RecordKind.Error, failure);
                return new ItemEnd(ItemStatus.Failed) { IsFinal = true };
            }

            input = prepared.Given;
        }

        ItemEnd end = RunItem(loop, input);

        // A call that a server refused has failed, also where the body went on after it.
        return loop.RetryAfterTime is null ? end : new ItemEnd(ItemStatus.Failed) { RetryAfter = loop.RetryAfterTime, ExitCode = end.ExitCode };
    }

    private ItemEnd RunItem(ItemLoop loop, object? item)
    {
        try
        {
            loop.Thread.Restore();
            loop.Session.Reset();
            try
            {
                loop.Body.Invoke(_runner, item);
            }
            finally
            {
                // Before the item's end is told: what waits for it may want the lock.
                loop.ReleaseLocks();
            }

            return ItemStatus.Succeeded;
        }
        catch (PipelineStoppedException) when (Stopping)
        {
            // First, as it is a RuntimeException too: this one is for the loop. One that a body throws by itself is not.
            loop.Sink.Complete(ItemStatus.Canceled);
            throw;
        }
        catch (ExitException exit)
        {
            return new ItemEnd(ItemStatus.Succeeded) { ExitCode = exit.Argument as int? };
        }
        catch (FlowControlException)
        {
            // break or continue, which have nothing to leave here but the item.
            return ItemStatus.Succeeded;
        }
        catch (Exception exception) when (!Stopping)
        {
            loop.WriteFailure(exception);
            return ItemStatus.Failed;
        }
    }
}
