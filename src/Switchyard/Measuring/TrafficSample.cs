using Switchyard.Codec;
using Switchyard.Core.Analysis;
using Switchyard.Core.Analysis.Machines;
using Switchyard.Core.Protocol;

namespace Switchyard.Measuring;

/// <summary>Keeps some of the items that were run with their output, to see what they would carry to another machine and back.</summary>
internal sealed class TrafficSample
{
    private const int Most = 24;

    private static readonly TimeSpan _longest = TimeSpan.FromMilliseconds(300);

    private readonly List<(object? Item, IReadOnlyList<object?> Output)> _kept = [];
    private long _fileBytes;
    private int _count;

    /// <summary>The items that are kept.</summary>
    public IEnumerable<object?> Items => _kept.Select(kept => PSObjects.ItemOf(kept.Item));

    /// <summary>Takes note of an item that has succeeded. For one thread at a time.</summary>
    public void Note(ItemResult result)
    {
        _fileBytes += ItemFile.Of(result.Input)?.Length ?? 0;
        _count++;
        if (_kept.Count < Most)
        {
            _kept.Add((result.Input, result.Output));
        }
    }

    /// <summary>Whether the files that items are, are read: what was read is about as much as they hold, or more.</summary>
    public bool ReadsFiles(Findings findings) =>
        _fileBytes > 0 && (findings.IsExecutable || findings.CallBytes is not { } read || read >= _fileBytes / 2.0 / _count);

    /// <summary>Writes what was kept as it would be sent. On the pipeline's thread, in whose session items may have their values.</summary>
    /// <returns>Null if there is nothing that can be.</returns>
    public ItemTraffic? Measure(Findings findings)
    {
        ValueWriter values = new();
        WireWriter writer = new();
        List<double> seconds = [];
        double items = 0;
        double outputs = 0;
        long start = Stopwatch.GetTimestamp();
        try
        {
            foreach ((object? item, IReadOnlyList<object?> output) in _kept.TakeWhile(_ => seconds.Count == 0 || Stopwatch.GetElapsedTime(start) < _longest))
            {
                long begun = Stopwatch.GetTimestamp();
                items += LengthOf(values, writer, PSObjects.ItemOf(item));
                outputs += output.Sum(value => LengthOf(values, writer, value));
                seconds.Add(Stopwatch.GetElapsedTime(begun).TotalSeconds);
            }
        }
        catch (Exception exception) when (exception is not (OutOfMemoryException or PipelineStoppedException))
        {
            // Its own code may throw anything; sent it would fail there as well.
            Debug.WriteLine(exception);
            return null;
        }

        if (seconds.Count == 0)
        {
            return null;
        }

        // The first compile the code that writes them.
        seconds.Sort();
        double files = ReadsFiles(findings) ? (double)_fileBytes / _count : 0;
        return new ItemTraffic(items / seconds.Count, outputs / seconds.Count, files, seconds[seconds.Count / 2]);
    }

    private static long LengthOf(ValueWriter values, WireWriter writer, object? value)
    {
        writer.Clear();
        values.Write(writer, value);
        return writer.TotalLength;
    }
}
