using System.Collections.Concurrent;

namespace Switchyard.Core.Journal.Outputs;

/// <summary>What the items of a journal wrote: keeps it of those that succeed, and has it of those that did before.</summary>
internal sealed class KeptOutputs : IDisposable
{
    // Of how many types it is told that they are kept as something less.
    private const int MostTold = 5;

    private readonly ConcurrentBag<OutputEncoder> _encoders = [];
    private readonly ConcurrentDictionary<string, bool> _told = [];
    private readonly Func<IOutputCodec> _createCodec;
    private readonly KeptSuccesses? _before;
    private readonly OutputCheck _check;
    private readonly OutputReplay _replay;
    private int _hasToldNotKept;

    public KeptOutputs(OutputFile file, KeptSuccesses? before, Func<IOutputCodec> createCodec)
    {
        File = file;
        _before = before;
        _createCodec = createCodec;
        _check = new OutputCheck(file);
        _replay = new OutputReplay(file, createCodec);
    }

    public OutputFile File { get; }

    /// <summary>Takes what is to be told of what cannot be kept as it is. On any thread.</summary>
    public Action<ItemRecord>? Announce { get; set; }

    /// <summary>Adds what an item wrote that has succeeded.</summary>
    /// <returns>Where it is, for the item's line; null if it cannot be kept.</returns>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public KeptPlace? Keep(ItemAttempt attempt, JournalEntry entry)
    {
        if (!_encoders.TryTake(out OutputEncoder? encoder))
        {
            encoder = new OutputEncoder(File, _createCodec());
        }

        KeptPlace? place = null;
        try
        {
            place = encoder.Add(attempt, entry);
        }
        catch (OutputNotKeptException exception)
        {
            if (Interlocked.Exchange(ref _hasToldNotKept, 1) == 0)
            {
                Announce?.Invoke(encoder.Codec.TellNotKept(attempt.Item.Input, exception.InnerException!));
            }
        }

        if (place is not null && encoder.ReducedType is { } type && _told.Count < MostTold && _told.TryAdd(type, true))
        {
            Announce?.Invoke(encoder.Codec.TellReduced(type, attempt.Item.Input));
        }

        _encoders.Add(encoder);
        return place;
    }

    /// <summary>Takes what an item wrote when it succeeded before.</summary>
    /// <param name="isLost">Told of each success whose output is not there, or not whole: it counts no more.</param>
    /// <returns>What it wrote; null if it has not succeeded, or it is not to be had.</returns>
    public KeptItem? TryTake(ItemKey key, object? input, bool asResult, Action<KeptSuccess> isLost)
    {
        while (_before is not null && _before.TryTake(key, out KeptSuccess success))
        {
            if (_check.IsWhole(key, success.At))
            {
                return new KeptItem(_replay, key, success.At, input, asResult);
            }

            isLost(success);
        }

        return null;
    }

    public void Dispose()
    {
        foreach (OutputEncoder encoder in _encoders)
        {
            encoder.Dispose();
        }

        _check.Dispose();
        File.Dispose();
    }
}
