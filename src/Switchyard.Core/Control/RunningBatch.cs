using Switchyard.Core.Batch;
using Switchyard.Core.Batch.Workers;
using Switchyard.Core.Telemetry;

namespace Switchyard.Core.Control;

/// <summary>A batch of this process that can be seen and steered from elsewhere, until it is disposed of.</summary>
internal sealed class RunningBatch : IDisposable
{
    private readonly object _lock = new();
    private readonly RunningBatches _batches;
    private readonly BatchLabel _label;
    private readonly BatchRun _run;
    private readonly DateTime _startedAt = DateTime.UtcNow;
    private readonly ProgressEstimate _estimate = new();
    private readonly WorkerCpu _cpu = new(Stopwatch.GetTimestamp());

    public RunningBatch(RunningBatches batches, int number, BatchLabel label, BatchRun run)
    {
        _batches = batches;
        Number = number;
        _label = label;
        _run = run;
    }

    /// <summary>Its number in this process, from 1.</summary>
    public int Number { get; }

    /// <summary>Notes how far it is, so that it can be told how fast it is.</summary>
    public void Sample()
    {
        lock (_lock)
        {
            _estimate.Update(_run.Progress with { Total = _label.Total() });
        }
    }

    /// <summary>Tells how it is.</summary>
    public BatchStatus Tell(in SessionLoad load)
    {
        RunView view = _run.View;
        long? total = _label.Total();
        lock (_lock)
        {
            RunProgress progress = view.Progress with { Total = total };
            _estimate.Update(progress);
            IReadOnlyList<(double? Percent, long? Memory)> cpu = _cpu.Read(view.Workers);
            return new BatchStatus
            {
                ProcessId = Environment.ProcessId,
                Number = Number,
                Command = _label.Command,
                Work = _label.Work,
                JobName = _label.JobName,
                State = view.IsStopping ? BatchState.Stopping : view.IsSuspended ? BatchState.Suspended : BatchState.Running,
                Read = progress.Read,
                Done = progress.Done,
                Failed = progress.Failed,
                Running = progress.Running,
                Waiting = progress.Waiting,
                Total = progress.TrustedTotal,
                Rate = _estimate.Rate,
                TimeLeft = view.IsSuspended ? null : _estimate.TimeLeft,
                TimeLeftText = view.IsSuspended ? string.Empty : _estimate.EtaText,
                ThrottleLimit = view.ThrottleLimit,
                IsAdjusted = view.IsAdjusted,
                StartedAt = _startedAt,
                Elapsed = progress.Elapsed,
                CpuPercent = load.CpuPercent,
                Memory = load.Memory,
                Workers = [.. view.Workers.Select((worker, i) => Tell(worker, cpu[i].Percent, cpu[i].Memory))],
                Slowest = [.. view.Slowest.Select(Tell)],
                FailedItems = [.. view.Failed.Select(Tell)],
            };
        }
    }

    /// <summary>Does what is asked.</summary>
    public ControlResult Do(in ControlRequest request)
    {
        switch (request.Action)
        {
            case ControlAction.SetThrottle:
                _run.SetThrottle((int)Math.Clamp(request.Value, 1, int.MaxValue));
                return ControlResult.Done;
            case ControlAction.Suspend:
                _run.Suspend();
                return ControlResult.Done;
            case ControlAction.Resume:
                _run.Resume();
                return ControlResult.Done;
            case ControlAction.Stop:
                _run.Stop();
                return ControlResult.Done;
            case ControlAction.StopItem:
                return _run.StopItem(request.Value) switch
                {
                    true => ControlResult.Done,
                    false => ControlResult.ItemNotFound,
                    null => ControlResult.ItemNotStoppable,
                };
            default:
                return ControlResult.Done;
        }
    }

    /// <summary>The batch is over.</summary>
    public void Dispose() => _batches.Remove(this);

    private WorkerStatus Tell(WorkerView worker, double? cpu, long? memory) => new(
        worker.Number,
        worker.IsOpening ? WorkerState.Opening : worker.Item is null ? WorkerState.Idle : WorkerState.Running,
        worker.Item?.Index,
        worker.Item is { } item ? _label.ItemText(item.Input) : null,
        worker.Elapsed,
        worker.HostName,
        worker.ProcessId,
        cpu,
        memory);

    private EndedItemStatus Tell(EndedItem item) => new(item.Index, _label.ItemText(item.Input), item.Status, item.Duration, _label.ErrorText(item.Error));
}
