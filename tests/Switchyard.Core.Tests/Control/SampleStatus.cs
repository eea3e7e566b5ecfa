using Switchyard.Core.Items;
using Switchyard.Core.Telemetry;

namespace Switchyard.Core.Control;

internal static class SampleStatus
{
    public static BatchStatus Create(int number = 1, string item = "item") => new()
    {
        ProcessId = Environment.ProcessId,
        Number = number,
        Command = "Invoke-ThreadedBatch",
        Work = "$_ * 2 …",
        JobName = null,
        State = BatchState.Suspended,
        Read = 1000,
        Done = 990,
        Failed = 3,
        Running = 2,
        Waiting = 1,
        Total = 5000,
        Rate = 12.5,
        TimeLeft = new TimeRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(9)),
        TimeLeftText = "1-9 s left",
        ThrottleLimit = 2,
        IsAdjusted = true,
        StartedAt = new DateTime(2024, 2, 29, 12, 0, 0, DateTimeKind.Utc),
        Elapsed = TimeSpan.FromMinutes(3),
        CpuPercent = 150,
        Memory = 1L << 33,
        Workers =
        [
            new WorkerStatus(1, WorkerState.Running, 991, item, TimeSpan.FromSeconds(2), "far", 17, 3.5, 1 << 20),
            new WorkerStatus(2, WorkerState.Idle, null, null, null, null, null, null, null),
        ],
        Slowest = [new EndedItemStatus(7, item, ItemStatus.Succeeded, TimeSpan.FromSeconds(30), null)],
        FailedItems = [new EndedItemStatus(8, item, ItemStatus.TimedOut, null, "Too late.")],
    };

}
