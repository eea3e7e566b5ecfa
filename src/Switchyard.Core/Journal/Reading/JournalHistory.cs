using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Switchyard.Core.Gauges;
using Switchyard.Core.Journal.Lines;
using Switchyard.Core.Journal.Outputs;

namespace Switchyard.Core.Journal.Reading;

/// <summary>What earlier runs have left to do: how often each item has succeeded, and what the last run was.</summary>
internal sealed class JournalHistory
{
    private readonly Dictionary<ItemKey, int> _succeeded = [];
    private readonly Dictionary<ItemKey, List<string>> _outputs = [];
    private readonly HashSet<ItemKey> _unsuccessful = [];
    private readonly FileSystemCase _names = new();
    private readonly string? _outputDirectory;

    private JournalHistory(string? outputDirectory, bool wantsOutputs)
    {
        _outputDirectory = outputDirectory;
        Outputs = wantsOutputs ? new KeptSuccesses() : null;
    }

    private static ReadOnlySpan<byte> FirstWords => "{\"event\":\"run\",\"version\":"u8;

    /// <summary>The last run; null if there was none.</summary>
    public JournalRun? LastRun { get; private set; }

    /// <summary>Where the outputs are of what has succeeded; null if they are not wanted.</summary>
    public KeptSuccesses? Outputs { get; }

    public long DoubtfulCount { get; private set; }

    /// <summary>How many successes there are.</summary>
    public long SucceededCount => _succeeded.Values.Sum(count => (long)count);

    /// <summary>How many bytes of whole lines there are.</summary>
    public long Length { get; private set; }

    /// <summary>Reads a journal.</summary>
    /// <param name="outputDirectory">Where output is kept as files, if it is: what was kept elsewhere is of no interest.</param>
    /// <param name="wantsOutputs">Whether what was kept of the items' output is to be handed on.</param>
    /// <exception cref="JournalException">It cannot be read, or does not know of outputs that are wanted.</exception>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    public static JournalHistory Read(string path, string? outputDirectory = null, Task? stop = null, bool wantsOutputs = false)
    {
        JournalHistory history = new(outputDirectory, wantsOutputs);
        using JournalReader reader = JournalReader.Open(path, keysOnly: true);
        while (reader.TryRead(out JournalLine line))
        {
            if (stop?.IsCompleted == true)
            {
                throw new OperationCanceledException();
            }

            if (line.Entry is { } entry)
            {
                history.Add(entry);
            }

            history.LastRun = line.Run ?? history.LastRun;
        }

        if (reader.LineNumber == 0 && !MayBeFirstLine(reader.TornTail))
        {
            // Some other file, which continuing would cut to nothing.
            throw new JournalException(JournalProblem.NotAJournal, path, Messages.JournalWithoutRun, line: 1);
        }

        history.Length = reader.Position;
        return history.Outputs?.Without > 0 ? throw new JournalException(JournalProblem.WithoutOutputs, path, $"{history.Outputs.Without}") : history;
    }

    // What a run is ended in the middle of may also be blank: the system had made room and not yet written.
    private static bool MayBeFirstLine(ReadOnlySpan<byte> tail)
    {
        int length = Math.Min(tail.Length, FirstWords.Length);
        return tail[..length].SequenceEqual(FirstWords[..length]) || tail.IndexOfAnyExcept((byte)0) < 0;
    }

    private void Add(JournalEntry entry)
    {
        bool isSuccess = entry.Status is ItemStatus.Succeeded;
        if (isSuccess)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_succeeded, entry.Key, out _)++;
            DoubtfulCount += entry.Error is not null ? 1 : 0;
            Outputs?.Add(entry, LastRun?.Number ?? 0);
        }
        else
        {
            _unsuccessful.Add(entry.Key);
            if (entry.IsTakenBack)
            {
                TryTake(entry.Key);
                Outputs?.TakeBack(entry.Key, entry.OfRun ?? LastRun?.Number ?? 0, entry.Index);
            }
        }

        if (entry.OutputPath is not { } path || _outputDirectory is null || Path.GetDirectoryName(path) is not { } folder || !_names.AreSame(folder, _outputDirectory))
        {
            return;
        }

        // A success keeps its files. What did not succeed has its place when it is run again.
        ref List<string>? paths = ref CollectionsMarshal.GetValueRefOrAddDefault(_outputs, entry.Key, out _);
        paths ??= [];
        paths.Remove(path);
        if (!isSuccess)
        {
            paths.Add(path);
        }
    }

    /// <summary>Whether an item was run, and did not succeed.</summary>
    public bool HasUnsuccessful(ItemKey key) => _unsuccessful.Contains(key);

    public string? TakeOutputPath(ItemKey key)
    {
        if (!_outputs.TryGetValue(key, out List<string>? paths) || paths.Count == 0)
        {
            return null;
        }

        string first = paths[0];
        paths.RemoveAt(0);
        return first;
    }

    /// <summary>Whether an item has succeeded, once more than it was taken.</summary>
    public bool Has(ItemKey key) => _succeeded.GetValueOrDefault(key) > 0;

    /// <summary>Takes one success of an item: equal items are as many.</summary>
    public bool TryTake(ItemKey key)
    {
        ref int count = ref CollectionsMarshal.GetValueRefOrNullRef(_succeeded, key);
        if (Unsafe.IsNullRef(ref count) || count == 0)
        {
            return false;
        }

        count--;
        return true;
    }
}
