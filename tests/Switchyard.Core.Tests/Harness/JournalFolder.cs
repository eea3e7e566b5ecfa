using Switchyard.Core.Batch;
using Switchyard.Core.Items;
using Switchyard.Core.Journal;
using Switchyard.Core.Journal.Lines;
using Switchyard.Core.Journal.Reading;

namespace Switchyard.Core.Harness;

/// <summary>A folder with a journal in it, which is gone with the test.</summary>
internal sealed class JournalFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("switchyard-journal-");

    public string Path => System.IO.Path.Combine(_folder.FullName, "run.jsonl");

    /// <summary>What is in it, also while it is written.</summary>
    public string Text
    {
        get
        {
            using FileStream file = new(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using StreamReader reader = new(file);
            return reader.ReadToEnd();
        }
    }

    public string[] Files => [.. _folder.EnumerateFiles().Select(file => file.Name)];

    public IReadOnlyList<JournalLine> Lines => ReadLines(Path);

    public static IReadOnlyList<JournalLine> ReadLines(string path)
    {
        using JournalReader reader = JournalReader.Open(path);
        List<JournalLine> lines = [];
        while (reader.TryRead(out JournalLine line))
        {
            lines.Add(line);
        }

        return lines;
    }

    public JournalOptions Options(bool resumes = true, bool isReadOnly = false, bool syncs = false, params (string Name, string Value)[] settings) => new()
    {
        Path = Path,
        Resumes = resumes,
        IsReadOnly = isReadOnly,
        Syncs = syncs,
        Describer = new TextDescriber(),
        Run = new JournalRun
        {
            StartedAt = DateTimeOffset.UtcNow,
            ProcessId = Environment.ProcessId,
            MachineName = Environment.MachineName,
            Command = "Test",
            Work = "body",
            Settings = settings.ToDictionary(pair => pair.Name, pair => pair.Value),
        },
    };

    public RunJournal Open(bool resumes = true, params (string Name, string Value)[] settings) =>
        RunJournal.Open(Options(resumes, settings: settings));

    /// <summary>Opens it to keep what items write, and to hand on what was kept.</summary>
    public RunJournal OpenWithOutputs(bool syncs = false) => RunJournal.Open(Options(syncs: syncs) with { Outputs = () => new TextOutputCodec() });

    /// <summary>Runs a batch with the journal.</summary>
    public async Task<RunOutcome> Run(ScriptedWorkers workers, IEnumerable<object?> input, IResultSink sink, Func<BatchOptions, BatchOptions>? change = null)
    {
        BatchOptions options = new() { ThrottleLimit = 4, Journal = Open() };
        using BatchRun run = new(change?.Invoke(options) ?? options, workers, TimeProvider.System);
        return await Bounded.Await(Batches.FeedToTheRest(run, input, sink));
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
