using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;

namespace Switchyard.Runspaces.Sessions;

/// <summary>Finds the session that outlives a batch: a worker's own may be closed when the batch ends.</summary>
internal static class SessionOwners
{
    // What a runspace cannot carry by itself, and gone with it.
    private static readonly ConditionalWeakTable<Runspace, Runspace> _owners = [];

    /// <summary>Notes in whose batch a worker's session is used.</summary>
    public static void Note(Runspace worker, Runspace? owner)
    {
        if (owner is not null)
        {
            _owners.AddOrUpdate(worker, owner);
        }
    }

    /// <summary>The session itself, or that of the caller of the worker's batch.</summary>
    public static Runspace? Of(Runspace? runspace) =>
        runspace is not null && _owners.TryGetValue(runspace, out Runspace? owner) ? owner : runspace;
}
