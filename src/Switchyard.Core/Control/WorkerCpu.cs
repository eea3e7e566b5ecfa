using System.ComponentModel;
using Switchyard.Core.Batch.Workers;
using Switchyard.Core.Gauges;

namespace Switchyard.Core.Control;

/// <summary>What the workers of a batch take of cores and memory: what each has used since it was last asked. Not thread-safe.</summary>
internal sealed class WorkerCpu(long startedAt)
{
    // What is asked more often has the same answer: the system counts in larger steps.
    private static readonly TimeSpan _shortest = TimeSpan.FromMilliseconds(200);

    private Dictionary<int, Sample> _samples = [];

    /// <summary>Looks at all workers.</summary>
    /// <returns>For each how much of a core it has used of late in percent, and the bytes that its own process has; null where that is not known.</returns>
    public IReadOnlyList<(double? Percent, long? Memory)> Read(IReadOnlyList<WorkerView> workers)
    {
        Dictionary<int, Sample> samples = [];
        List<(double?, long?)> all = [];
        foreach (WorkerView worker in workers)
        {
            long? memory = null;
            TimeSpan? cpu = worker.HostName is not null ? null
                : worker.ProcessId is { } process ? ReadProcess(process, out memory)
                : SystemThread.ReadCpu(worker.ThreadId);
            Sample? sample = cpu is { } known ? Next(_samples.GetValueOrDefault(worker.Number), worker.ProcessId, known) : null;
            if (sample is not null)
            {
                samples[worker.Number] = sample;
            }

            all.Add((sample?.Percent, memory));
        }

        _samples = samples;
        return all;
    }

    private static TimeSpan? ReadProcess(int id, out long? memory)
    {
        memory = null;
        try
        {
            using Process process = Process.GetProcessById(id);
            memory = process.WorkingSet64;
            return process.TotalProcessorTime;
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or Win32Exception or NotSupportedException)
        {
            // It has ended.
            return null;
        }
    }

    private Sample Next(Sample? before, int? process, TimeSpan cpu)
    {
        long now = Stopwatch.GetTimestamp();
        if (before?.ProcessId != process)
        {
            before = null;
        }

        if (before is null)
        {
            // A thread is the batch's own, a process may have served others before.
            double? sinceStart = process is null ? Percent(cpu, Stopwatch.GetElapsedTime(startedAt, now)) : null;
            return new Sample(process, now, cpu, sinceStart);
        }

        TimeSpan passed = Stopwatch.GetElapsedTime(before.At, now);
        return passed < _shortest ? before : new Sample(process, now, cpu, Percent(cpu - before.Cpu, passed));
    }

    private static double? Percent(TimeSpan cpu, TimeSpan passed) => passed > TimeSpan.Zero ? Math.Max(0, 100 * (cpu / passed)) : null;

    private sealed record Sample(int? ProcessId, long At, TimeSpan Cpu, double? Percent);
}
