using BenchmarkDotNet.Attributes;
using Switchyard.Core.Analysis;
using Switchyard.Core.Executables.Arguments;
using Switchyard.Core.Gauges;
using Switchyard.Core.Queues;
using Switchyard.Journal;

namespace Switchyard.Benchmarks;

/// <summary>What single steps of a run cost.</summary>
public class RunBenchmarks
{
    private readonly int _capacity = 1000;
    private readonly ArgumentTemplate _template = ArgumentTemplate.Parse("{/.}-{#}.mp3");
    private readonly ItemDescriber _describer = new(new FileSystemCase());
    private readonly FileInfo _file = new("/some/folder/with a file.txt");
    private readonly (int Workers, double Throughput)[] _points = [(1, 100), (2, 190), (4, 340), (8, 520)];

    /// <summary>An item through the queue to a worker, on one thread: the hand-over without the waiting.</summary>
    /// <returns>The item.</returns>
    [Benchmark(OperationsPerInvoke = 1000)]
    public int Queue()
    {
        BoundedQueue<int> queue = new(_capacity, new WakeSignal());
        QueueTaker<int> taker = queue.AddTaker();
        for (int i = 0; i < _capacity; i++)
        {
            queue.TryAdd(i);
        }

        queue.Complete();
        int last = 0;
        while (taker.TryTake(out int item))
        {
            last = item;
        }

        return last;
    }

    /// <summary>An argument of a program, with two placeholders.</summary>
    /// <returns>The argument.</returns>
    [Benchmark]
    public string Argument() => _template.Expand(new ArgumentValues("/music/some album/a song.wav", 17, 2));

    /// <summary>What an item is recognized by in a journal.</summary>
    /// <returns>Half of the key.</returns>
    [Benchmark]
    public ulong JournalKey() => _describer.Identify(_file).High;

    /// <summary>The scalability law fitted to four measured points.</summary>
    /// <returns>The fit.</returns>
    [Benchmark]
    public object? ScalabilityFit() => ScalabilityModel.Fit(100, _points);
}
