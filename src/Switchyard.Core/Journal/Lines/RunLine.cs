using System.Text.Json;

namespace Switchyard.Core.Journal.Lines;

internal sealed class RunLine
{
    public string Event { get; } = JournalJson.RunEvent;

    public int Version { get; set; }

    public int Run { get; set; }

    public DateTime Started { get; set; }

    public int Process { get; set; }

    public string? Machine { get; set; }

    public string? Command { get; set; }

    public string? Work { get; set; }

    public Dictionary<string, string>? Settings { get; set; }

    public static RunLine Of(JournalRun run) => new()
    {
        Version = JournalJson.Version,
        Run = run.Number,
        Started = run.StartedAt.UtcDateTime,
        Process = run.ProcessId,
        Machine = run.MachineName,
        Command = run.Command,
        Work = JournalLineWriter.ToUnicode(run.Work),
        Settings = run.Settings.ToDictionary(setting => setting.Key, setting => JournalLineWriter.ToUnicode(setting.Value)!),
    };

    public JournalRun ToRun() => Version <= 0 ? throw new JsonException(Messages.JournalWithoutVersion) : new JournalRun
    {
        Number = Run,
        StartedAt = Started.ToUniversalTime(),
        ProcessId = Process,
        MachineName = Machine ?? string.Empty,
        Command = Command ?? string.Empty,
        Work = Work ?? string.Empty,
        Settings = Settings ?? [],
    };
}
