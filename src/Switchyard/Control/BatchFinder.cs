using Switchyard.Core.Control;
using Switchyard.Errors;

namespace Switchyard.Control;

/// <summary>Finds the batches that ids mean, and writes what is wrong with those that mean none.</summary>
internal sealed class BatchFinder(Cmdlet command)
{
    /// <summary>Finds batches.</summary>
    /// <param name="ids">Their ids, or patterns of them; null for all.</param>
    public IReadOnlyList<BatchStatus> Find(string[]? ids)
    {
        if (ids is null)
        {
            return List(process: null);
        }

        List<BatchStatus> found = [];
        IReadOnlyList<BatchStatus>? all = null;
        foreach (string id in ids)
        {
            if (WildcardPattern.ContainsWildcardCharacters(id))
            {
                WildcardPattern pattern = new(id, WildcardOptions.IgnoreCase);
                found.AddRange((all ??= List(process: null)).Where(batch => pattern.IsMatch(batch.Id)));
            }
            else if (!TryParse(id, out int process, out int number))
            {
                command.WriteError(ControlErrors.BatchIdNotValid(id));
            }
            else if ((all ?? List(process)).FirstOrDefault(batch => batch.ProcessId == process && batch.Number == number) is { } one)
            {
                found.Add(one);
            }
            else
            {
                command.WriteError(ControlErrors.BatchNotFound(id));
            }
        }

        return [.. found.DistinctBy(batch => batch.Id)];
    }

    /// <summary>Asks for something of a batch.</summary>
    /// <returns>How it is then; null if that failed, which was written.</returns>
    public BatchStatus? Ask(BatchStatus batch, ControlAction action, long value = 0)
    {
        (BatchStatus? after, ErrorRecord? error) = TryAsk(batch, action, value);
        if (error is not null)
        {
            command.WriteError(error);
        }

        return after;
    }

    /// <summary>The same, and leaves it to the caller what becomes of an error.</summary>
    public static (BatchStatus? After, ErrorRecord? Error) TryAsk(BatchStatus batch, ControlAction action, long value)
    {
        try
        {
            ControlReply reply = BatchHub.All.Ask(batch.ProcessId, new ControlRequest(action, batch.Number, value));
            return reply switch
            {
                { Result: ControlResult.Done, Batches: [var after, ..] } => (after, null),
                { Result: ControlResult.ItemNotFound } => (null, ControlErrors.BatchItemNotFound(batch.Id, value)),
                { Result: ControlResult.ItemNotStoppable } => (null, ControlErrors.BatchItemNotStoppable(batch.Id)),

                // It ends so soon that its session has nothing more to answer with.
                _ when action == ControlAction.Stop => (batch with { State = BatchState.Stopping }, null),
                _ => (null, ControlErrors.BatchNotFound(batch.Id)),
            };
        }
        catch (IOException exception)
        {
            return (null, ControlErrors.SessionNotAnswering(batch.ProcessId, exception.Message));
        }
    }

    private static bool TryParse(string id, out int process, out int number)
    {
        number = 0;
        string[] parts = id.Split('-');
        return int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out process)
            & (parts.Length == 2 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out number));
    }

    private IReadOnlyList<BatchStatus> List(int? process) =>
        BatchHub.All.List(process, (session, reason) => command.WriteError(ControlErrors.SessionNotAnswering(session, reason)));
}
