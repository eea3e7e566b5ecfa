using System.Diagnostics.Tracing;

namespace Switchyard.Core.Probes;

/// <summary>Adds up how long threads of this process wait for .NET monitors, from the runtime's own events.</summary>
/// <remarks>Event ContentionStop with its duration: the runtime's documentation of contention events. It comes a tenth of a second late.</remarks>
internal sealed class ContentionListener : EventListener
{
    private const string Runtime = "Microsoft-Windows-DotNETRuntime";
    private const EventKeywords Contention = (EventKeywords)0x4000;
    private const int Stop = 91;

    private readonly object _lock = new();
    private readonly List<(DateTime End, double Nanoseconds)> _waits = [];
    private readonly long _before = Monitor.LockContentionCount;

    /// <summary>Adds up what has been heard of so far, over all threads.</summary>
    /// <param name="since">Waits that ended before are left out; in coordinated universal time.</param>
    public TimeSpan WaitedSince(DateTime since)
    {
        lock (_lock)
        {
            return TimeSpan.FromTicks((long)_waits.Where(wait => wait.End >= since).Sum(wait => wait.Nanoseconds) / TimeSpan.NanosecondsPerTick);
        }
    }

    /// <summary>Waits until as many waits were told of as the runtime has counted by now.</summary>
    /// <param name="timeout">How long at most: the runtime drops events that it has no room for.</param>
    public void AwaitTold(TimeSpan timeout)
    {
        long due = Monitor.LockContentionCount - _before;
        long deadline = Environment.TickCount64 + (long)timeout.TotalMilliseconds;
        lock (_lock)
        {
            while (_waits.Count < due && deadline - Environment.TickCount64 is var left and > 0)
            {
                Monitor.Wait(_lock, (int)left);
            }
        }
    }

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource?.Name == Runtime)
        {
            EnableEvents(eventSource, EventLevel.Informational, Contention);
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData?.EventId == Stop && eventData.Payload is [.., double nanoseconds])
        {
            // The base class's constructor may have it called before this one's fields are there.
            if (_lock is { } taken && _waits is { } waits)
            {
                lock (taken)
                {
                    waits.Add((eventData.TimeStamp, nanoseconds));
                    Monitor.PulseAll(taken);
                }
            }
        }
    }
}
