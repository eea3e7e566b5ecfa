using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Switchyard.Core.Journal.Lines;

namespace Switchyard.Core.Journal.Reading;

/// <summary>What earlier runs have left to do: how often each item has succeeded, and what the last run was.</summary>
internal sealed class JournalHistory
{
    private readonly Dictionary<ItemKey, int> _succeeded = [];

    private static ReadOnlySpan<byte> FirstWords => "{\"event\":\"run\",\"version\":"u8;

    /// <summary>The last run; null if there was none.</summary>
    public JournalRun? LastRun { get; private set; }

    public long DoubtfulCount { get; private set; }

    /// <summary>How many bytes of whole lines there are.</summary>
    public long Length { get; private set; }

    /// <summary>Reads a journal.</summary>
    /// <exception cref="JournalException">It cannot be read.</exception>
    public static JournalHistory Read(string path)
    {
        JournalHistory history = new();
        using JournalReader reader = JournalReader.Open(path, keysOnly: true);
        while (reader.TryRead(out JournalLine line))
        {
            if (line.Entry is { Status: ItemStatus.Succeeded } entry)
            {
                CollectionsMarshal.GetValueRefOrAddDefault(history._succeeded, entry.Key, out _)++;
                history.DoubtfulCount += entry.Error is null ? 0 : 1;
            }

            history.LastRun = line.Run ?? history.LastRun;
        }

        if (reader.LineNumber == 0 && !MayBeFirstLine(reader.TornTail))
        {
            // Some other file, which continuing would cut to nothing.
            throw new JournalException(JournalProblem.NotAJournal, path, Messages.JournalWithoutRun, line: 1);
        }

        history.Length = reader.Position;
        return history;
    }

    // What a run is ended in the middle of may also be blank: the system had made room and not yet written.
    private static bool MayBeFirstLine(ReadOnlySpan<byte> tail)
    {
        int length = Math.Min(tail.Length, FirstWords.Length);
        return tail[..length].SequenceEqual(FirstWords[..length]) || tail.IndexOfAnyExcept((byte)0) < 0;
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
