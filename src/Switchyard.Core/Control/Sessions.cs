using System.Collections.Concurrent;
using Switchyard.Core.Transports;

namespace Switchyard.Core.Control;

/// <summary>The processes of this machine and user that run batches, this one among them.</summary>
internal sealed class Sessions(RunningBatches own)
{
    /// <summary>Finds the others.</summary>
    public static IReadOnlyList<Session> FindOthers() =>
    [
        .. PrivateFolder.Find(SessionFile.Name).Where(found => found.ProcessId != Environment.ProcessId).Select(found => new Session(found.ProcessId, found.Folder)),
    ];

    /// <summary>Tells of the batches of all sessions, or of one.</summary>
    /// <param name="process">The process that is meant; null for all.</param>
    /// <param name="tellSilent">Told of a session that is there and does not answer, and why. On the calling thread.</param>
    public IReadOnlyList<BatchStatus> List(int? process, Action<int, string>? tellSilent = null)
    {
        ConcurrentBag<BatchStatus> batches = [];
        ConcurrentBag<(int, string)> silent = [];
        if (process is null || process == Environment.ProcessId)
        {
            foreach (BatchStatus batch in own.Answer(new ControlRequest(ControlAction.List)).Batches)
            {
                batches.Add(batch);
            }
        }

        Session[] others = [.. FindOthers().Where(session => process is null || session.ProcessId == process)];
        Parallel.ForEach(others, new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, others.Length) }, session =>
        {
            try
            {
                foreach (BatchStatus batch in session.Ask(new ControlRequest(ControlAction.List))?.Batches ?? [])
                {
                    batches.Add(batch);
                }
            }
            catch (IOException exception)
            {
                // One that has just ended has no folder any more.
                if (session.Exists)
                {
                    silent.Add((session.ProcessId, exception.Message));
                }
            }
        });
        foreach ((int id, string reason) in silent)
        {
            tellSilent?.Invoke(id, reason);
        }

        return [.. batches.OrderBy(batch => batch.StartedAt).ThenBy(batch => batch.ProcessId).ThenBy(batch => batch.Number)];
    }

    /// <summary>Asks for something of one batch.</summary>
    /// <exception cref="IOException">Its session does not answer.</exception>
    public ControlReply Ask(int process, in ControlRequest request)
    {
        if (process == Environment.ProcessId)
        {
            return own.Answer(request);
        }

        return FindOthers().FirstOrDefault(session => session.ProcessId == process)?.Ask(request) ?? new ControlReply(ControlResult.NotFound, []);
    }
}
