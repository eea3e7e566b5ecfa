using System.Collections.ObjectModel;
using Switchyard.Core.Files;
using Switchyard.Core.Journal;
using Switchyard.Core.Journal.Lines;
using Switchyard.Core.Journal.Reading;
using Switchyard.Errors;
using Switchyard.Journal;
using Switchyard.Parameters;

namespace Switchyard.Commands;

/// <summary>Reads the journal of a batch: how each item ended, all of it in short, or as a time line.</summary>
[Cmdlet(VerbsCommon.Get, "BatchJournal", DefaultParameterSetName = EntriesSet)]
[OutputType(typeof(BatchJournalEntry), ParameterSetName = [EntriesSet])]
[OutputType(typeof(BatchJournalSummary), ParameterSetName = [SummarySet])]
[OutputType(typeof(FileInfo), ParameterSetName = [TraceSet])]
public sealed class GetBatchJournalCommand : PSCmdlet, IDisposable
{
    private const string EntriesSet = "Entries";
    private const string SummarySet = "Summary";
    private const string TraceSet = "Trace";
    private const int MostSlowest = 5;

    private readonly CancellationTokenSource _stop = new();

    /// <summary>The journals' files; with wildcards, all that match. A name that is a file's as it stands is no wildcard.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("LiteralPath", "FullName", "JournalPath", "PSPath")]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    /// <summary>
    /// Only items that ended so. Of those that did not succeed, only what still holds: one that was run again since is not counted among
    /// the failed.
    /// </summary>
    [Parameter(ParameterSetName = EntriesSet)]
    [ValidateNotNullOrEmpty]
    public ItemStatus[]? Status { get; set; }

    /// <summary>Writes the items themselves, to be piped into another batch; without a status, those that did not succeed.</summary>
    [Parameter(ParameterSetName = EntriesSet)]
    public SwitchParameter AsInput { get; set; }

    /// <summary>Goes on with what a batch that still runs adds, until it ends.</summary>
    [Parameter(ParameterSetName = EntriesSet)]
    public SwitchParameter Follow { get; set; }

    /// <summary>Writes the journal in short: how many are done and failed, how fast it goes, what took longest, what each worker did.</summary>
    [Parameter(Mandatory = true, ParameterSetName = SummarySet)]
    public SwitchParameter Summary { get; set; }

    /// <summary>
    /// Writes a time line to this file, for a viewer of traces such as <c>chrome://tracing</c> or ui.perfetto.dev: a row for each worker.
    /// </summary>
    [Parameter(Mandatory = true, ParameterSetName = TraceSet)]
    [ValidateNotNullOrEmpty]
    public string TracePath { get; set; } = null!;

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (string path in Path)
        {
            foreach (string file in Resolve(path))
            {
                Read(file);
            }
        }
    }

    /// <inheritdoc/>
    protected override void StopProcessing() => _stop.Cancel();

    private void Read(string file)
    {
        try
        {
            switch (ParameterSetName)
            {
                case SummarySet:
                    WriteSummary(file);
                    break;
                case TraceSet:
                    WriteTrace(file);
                    break;
                default:
                    WriteEntries(file);
                    break;
            }
        }
        catch (JournalException exception)
        {
            WriteError(JournalErrors.JournalUnusable(exception).Record);
        }
        catch (OperationCanceledException)
        {
            throw new PipelineStoppedException();
        }
    }

    private void WriteEntries(string file)
    {
        // A run that goes on may take up again what failed: what holds is known only of one that is not waited for.
        JournalStanding? standing = (Status is not null || AsInput) && !Follow ? JournalStanding.Read(file) : null;
        using JournalReader reader = Open(file);
        using JournalFollower? follower = Follow ? new JournalFollower(file) : null;
        int run = 0;
        do
        {
            while (reader.TryRead(out JournalLine line))
            {
                follower?.Note(line);
                run = line.Run?.Number ?? run;
                if (line.Entry is { } entry && IsWanted(entry) && standing?.Holds(entry, run) != false)
                {
                    Write(new BatchJournalEntry(entry, run));
                }

                _stop.Token.ThrowIfCancellationRequested();
            }
        }
        while (follower?.TryAwait(_stop.Token) == true);
        if (follower is { IsCutOff: true })
        {
            WriteWarning(JournalErrors.JournalCutOff(file));
        }
    }

    private bool IsWanted(JournalEntry entry) =>
        Status is not null ? Status.Contains(entry.Status) : !AsInput || entry.Status is not ItemStatus.Succeeded;

    private void Write(BatchJournalEntry entry)
    {
        if (!AsInput)
        {
            WriteObject(entry);
        }
        else if (!entry.HasInput)
        {
            WriteError(JournalErrors.ItemNotInJournal(entry.ItemText, entry));
        }
        else
        {
            WriteObject(entry.InputObject, enumerateCollection: false);
        }
    }

    private void WriteSummary(string file)
    {
        JournalSummarizer summarizer = new(JournalStanding.Read(file), MostSlowest);
        ReadAll(file, line => summarizer.Add(line));
        WriteObject(new BatchJournalSummary(file, summarizer.Summarize()));
    }

    private void WriteTrace(string file)
    {
        string target = TracePath;
        try
        {
            target = OutputFile.Resolve(TracePath, SessionState);
            using FileStream stream = BusyFile.Use(() => File.Create(target));
            using TraceWriter trace = new(stream);
            ReadAll(file, line => trace.Add(line));
        }
        catch (Exception exception) when (exception is not JournalException
            && exception is IOException or UnauthorizedAccessException or NotSupportedException or RuntimeException)
        {
            ThrowTerminatingError(JournalErrors.TraceNotWritten(target, exception));
        }

        WriteObject(new FileInfo(target));
    }

    private void ReadAll(string file, Action<JournalLine> take)
    {
        using JournalReader reader = Open(file);
        while (reader.TryRead(out JournalLine line))
        {
            take(line);
            _stop.Token.ThrowIfCancellationRequested();
        }
    }

    private JournalReader Open(string file)
    {
        JournalReader reader = JournalReader.Open(file);
        reader.Damaged = exception => WriteError(JournalErrors.JournalUnusable(exception).Record);
        return reader;
    }

    private Collection<string> Resolve(string path)
    {
        try
        {
            string literal = SessionState.Path.GetUnresolvedProviderPathFromPSPath(path);
            Collection<string> found = File.Exists(literal) ? [literal] : SessionState.Path.GetResolvedProviderPathFromPSPath(path, out _);
            foreach (string file in found)
            {
                CommandJournal.FindFile(file, SessionState);
            }

            return found.Count > 0 ? found : throw new ItemNotFoundException(JournalErrors.NoJournalMatches(path));
        }
        catch (Exception exception) when (exception is RuntimeException or NotSupportedException or IOException)
        {
            WriteError(JournalErrors.JournalUnusable(new JournalException(JournalProblem.NotReadable, path, exception.Message, inner: exception)).Record);
            return [];
        }
    }
}
