using Switchyard.Codec.Providers;
using Switchyard.Core.Gauges;
using Switchyard.Core.Journal;
using Switchyard.Errors;
using Switchyard.Parameters;

namespace Switchyard.Journal;

/// <summary>Opens the journal that a batch command was asked for.</summary>
internal static class CommandJournal
{
    private const int MaxWork = 500;

    /// <param name="stop">Completed to give up, however long the file takes to be opened or read.</param>
    /// <exception cref="BatchException">It cannot be used.</exception>
    /// <exception cref="PipelineStoppedException">It was given up.</exception>
    public static RunJournal Open(JournalRequest request, SessionState session, Action<string> warn, Task stop)
    {
        ProviderObjects? providers = request is { KeepsOutput: true, IsReadOnly: false } ? ProviderObjects.Of(session) : null;
        JournalOptions options = new()
        {
            Path = Resolve(request.Path, session),
            Resumes = request.Resumes,
            Syncs = request.Syncs,
            Outputs = request.KeepsOutput ? () => new OutputCodec(providers ?? new ProviderObjects([], [])) : null,
            IsReadOnly = request.IsReadOnly,
            Describer = new ItemDescriber(new FileSystemCase()),
            OutputDirectory = request.OutputDirectory,
            Stop = stop,
            Run = new JournalRun
            {
                StartedAt = DateTimeOffset.UtcNow,
                ProcessId = System.Environment.ProcessId,
                MachineName = System.Environment.MachineName,
                Command = request.Command,
                Work = Shorten(request.Work),
                Settings = JournalSettings.Of(request.Parameters, session),
            },
        };
        RunJournal journal = Await(options, stop);
        IReadOnlyList<string> differences = [.. journal.Differences.Where(name => name != JournalSettings.KeepOutput)];
        if (differences.Count > 0)
        {
            bool isSameWork = JournalSettings.AreOfPace(differences);
            journal.ExpectsMatches = isSameWork;
            warn(JournalErrors.JournalDiffers(options.Path, differences, isSameWork));
        }

        if (differences.Count < journal.Differences.Count && !request.KeepsOutput)
        {
            warn(JournalErrors.JournalHasOutputs(options.Path));
        }

        if (journal.DoubtfulCount > 0 && !request.KeepsOutput)
        {
            warn(JournalErrors.JournalDoubtful(options.Path, journal.DoubtfulCount));
        }

        return journal;
    }

    /// <summary>Finds the file that a path leads to: two names of one file are one journal.</summary>
    /// <exception cref="IOException">It can be opened like a file and is none: a pipe would wait for its other end to be opened.</exception>
    public static string FindFile(string path, SessionState session)
    {
        string file = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;

        // In /dev/fd, 'pipe:[123]' is no file's name.
        string? type = Path.GetFileName(file).Contains(":[", StringComparison.Ordinal) ? "NamedPipe" : File.Exists(file) ? TypeOf(file, session) : null;
        return type is null or "File" ? file : throw new IOException(MessageText.Format(Messages.FileIsDevice, type));
    }

    // What the provider knows on Unix. Elsewhere no folder has names of anything but files.
    private static string? TypeOf(string file, SessionState session) =>
        session.InvokeProvider.Item.Get([file], force: true, literalPath: true) is [{ } item] && item.Properties["UnixStat"]?.Value is { } stat
            ? PSObject.AsPSObject(stat).Properties["ItemType"]?.Value?.ToString()
            : null;

    private static RunJournal Await(JournalOptions options, Task stop)
    {
        Task<RunJournal> opening = Task.Factory.StartNew(
            () => RunJournal.Open(options), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            // The pipeline's thread could not be stopped while it waits for a file system that does not answer.
            return Task.WaitAny(opening, stop) == 0 ? opening.GetAwaiter().GetResult() : throw new OperationCanceledException();
        }
        catch (OperationCanceledException)
        {
            opening.ContinueWith(late => late.Result.Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
            throw new PipelineStoppedException();
        }
        catch (JournalException exception)
        {
            throw JournalErrors.JournalUnusable(exception);
        }
    }

    // For people to know it by; the hash says whether it is the same.
    private static string Shorten(string text) => text.Length > MaxWork ? string.Concat(text.AsSpan(0, MaxWork), "…") : text;

    private static string Resolve(string path, SessionState session)
    {
        try
        {
            return FindFile(OutputFile.Resolve(path, session), session);
        }
        catch (FileNotFoundException)
        {
            return session.Path.GetUnresolvedProviderPathFromPSPath(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException or RuntimeException)
        {
            throw JournalErrors.JournalUnusable(new JournalException(JournalProblem.NotReadable, path, exception.Message, inner: exception));
        }
    }
}
