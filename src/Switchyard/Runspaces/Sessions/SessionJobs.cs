using Switchyard.Engine;

namespace Switchyard.Runspaces.Sessions;

/// <summary>A session's list of jobs. Code that was given one of them still has it.</summary>
internal sealed class SessionJobs
{
    private readonly JobRepository _jobs;
    private readonly ICollection? _table;
    private readonly HashSet<Guid> _given;

    public SessionJobs(JobRepository jobs)
    {
        _jobs = jobs;
        _given = [.. jobs.Jobs.Select(job => job.InstanceId)];

        // To be counted without a copy of them all.
        _table = EngineMembers.JobTable.Get(jobs) as ICollection;
    }

    /// <summary>Takes off all but those that were there.</summary>
    public void Reset()
    {
        if (_table is null || _table.Count != _given.Count)
        {
            RemoveAll(_given);
        }
    }

    /// <summary>Takes off all.</summary>
    public void Clear() => RemoveAll([]);

    private void RemoveAll(HashSet<Guid> but)
    {
        foreach (Job job in _jobs.Jobs)
        {
            if (!but.Contains(job.InstanceId))
            {
                _jobs.Remove(job);
            }
        }
    }
}
