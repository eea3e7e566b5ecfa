namespace Switchyard.Core.Journal;

/// <summary>The line that a run begins with: what it runs and how.</summary>
internal sealed record JournalRun
{
    /// <summary>Its number in the journal, from 1.</summary>
    public int Number { get; init; }

    /// <summary>When it began, in UTC.</summary>
    public DateTimeOffset StartedAt { get; init; }

    public int ProcessId { get; init; }

    public string MachineName { get; init; } = string.Empty;

    public string Command { get; init; } = string.Empty;

    public string Work { get; init; } = string.Empty;

    /// <summary>
    /// What its results depend on, by name: hashes of the code and its arguments, and the settings that say how much may run at a time and
    /// how often. Only what was given is there.
    /// </summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Finds what is not as in an earlier run.</summary>
    public IReadOnlyList<string> DiffersFrom(JournalRun earlier)
    {
        return
        [
            .. Settings.Keys.Union(earlier.Settings.Keys, StringComparer.Ordinal)
                .Where(name => Settings.GetValueOrDefault(name) != earlier.Settings.GetValueOrDefault(name))
                .Order(StringComparer.Ordinal),
        ];
    }
}
