using Switchyard.Core.Journal.Lines;

namespace Switchyard.Core.Journal.Reading;

/// <summary>Adds a journal up, line by line, so that one of any length takes no more memory.</summary>
internal sealed class JournalSummarizer(JournalStanding standing, int slowest)
{
    private readonly PriorityQueue<(JournalEntry Entry, int Run), TimeSpan> _slowest = new();
    private readonly SortedDictionary<int, WorkerShare> _workers = [];
    private readonly JournalStanding _standing = standing;
    private readonly int _mostSlowest = slowest;
    private JournalSummary _summary = new();
    private DateTimeOffset _runStart;

    public void Add(in JournalLine line)
    {
        if (line.Run is { } run)
        {
            CloseRun();
            _runStart = run.StartedAt;
            _summary = _summary with
            {
                LastRun = run,
                LastEnd = null,
                Runs = _summary.Runs + 1,
                StartedAt = _summary.Runs == 0 ? run.StartedAt : _summary.StartedAt,
                EndedAt = run.StartedAt,
            };
        }
        else if (line.Entry is { } entry)
        {
            Add(entry);
        }
        else if (line.End is { } end)
        {
            _summary = _summary with { LastEnd = end, EndedAt = end.EndedAt };
        }
    }

    public JournalSummary Summarize()
    {
        CloseRun();
        return _summary with
        {
            Slowest = [.. _slowest.UnorderedItems.OrderByDescending(item => item.Priority).Select(item => item.Element)],
            Workers = [.. _workers.Values],
        };
    }

    private void Add(JournalEntry entry)
    {
        int run = _summary.LastRun?.Number ?? 0;
        bool holds = _standing.Holds(entry, run);
        _summary = _summary with
        {
            EndedAt = entry.EndedAt > _summary.EndedAt ? entry.EndedAt : _summary.EndedAt,
            Succeeded = _summary.Succeeded + (holds && entry.Status is ItemStatus.Succeeded ? 1 : 0),
            Failed = _summary.Failed + (holds && entry.Status is ItemStatus.Failed or ItemStatus.Crashed or ItemStatus.TimedOut ? 1 : 0),
            Canceled = _summary.Canceled + (holds && entry.Status is ItemStatus.Canceled ? 1 : 0),
        };
        if (entry.IsTakenBack)
        {
            return;
        }

        WorkerShare share = _workers.GetValueOrDefault(entry.WorkerId) ?? new WorkerShare(entry.WorkerId, 0, TimeSpan.Zero);
        _workers[entry.WorkerId] = share with { Items = share.Items + 1, BusyTime = share.BusyTime + entry.Duration };
        if (_slowest.Count < _mostSlowest)
        {
            _slowest.Enqueue((entry, run), entry.Duration);
        }
        else
        {
            _slowest.EnqueueDequeue((entry, run), entry.Duration);
        }
    }

    private void CloseRun()
    {
        if (_summary.LastRun is not null)
        {
            _summary = _summary with { ActiveTime = _summary.ActiveTime + (_summary.EndedAt - _runStart) };
            _runStart = _summary.EndedAt;
        }
    }
}
