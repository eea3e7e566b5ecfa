using Switchyard.Core.Journal.Lines;

namespace Switchyard.Core.Journal.Reading;

/// <summary>
/// Which entries still hold: one of an item that did not succeed does only as long as no later run has taken that item up again.
/// </summary>
internal sealed class JournalStanding
{
    private readonly Dictionary<ItemKey, int> _lastRuns = [];
    private readonly HashSet<(int Run, long Index)> _takenBack = [];

    /// <summary>Reads a journal to find out.</summary>
    /// <exception cref="JournalException">It cannot be read.</exception>
    public static JournalStanding Read(string path)
    {
        JournalStanding standing = new();
        using JournalReader reader = JournalReader.Open(path, keysOnly: true);

        // Damage is reported when the entries are read.
        reader.Damaged = _ => { };
        int run = 0;
        while (reader.TryRead(out JournalLine line))
        {
            run = line.Run?.Number ?? run;
            if (line.Entry is { } entry)
            {
                standing._lastRuns[entry.Key] = run;
                if (entry.IsTakenBack)
                {
                    standing._takenBack.Add((entry.OfRun ?? run, entry.Index));
                }
            }
        }

        return standing;
    }

    public bool Holds(JournalEntry entry, int run)
    {
        if (entry.OfRun is not null)
        {
            // It tells of an item that is run again, and so does that item's next entry.
            return false;
        }

        return entry.Status is ItemStatus.Succeeded ? !_takenBack.Contains((run, entry.Index)) : _lastRuns.GetValueOrDefault(entry.Key, run) <= run;
    }
}
