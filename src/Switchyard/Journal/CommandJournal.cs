using Switchyard.Core.Journal;
using Switchyard.Errors;
using Switchyard.Parameters;

namespace Switchyard.Journal;

/// <summary>Opens the journal that a batch command was asked for.</summary>
internal static class CommandJournal
{
    private const int MaxWork = 500;

    /// <exception cref="BatchException">It cannot be used.</exception>
    public static RunJournal Open(JournalRequest request, SessionState session, Action<string> warn)
    {
        JournalOptions options = new()
        {
            Path = Resolve(request.Path, session),
            Resumes = request.Resumes,
            Syncs = request.Syncs,
            IsReadOnly = request.IsReadOnly,
            Describer = new ItemDescriber(),
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
        RunJournal journal;
        try
        {
            journal = RunJournal.Open(options);
        }
        catch (JournalException exception)
        {
            throw JournalErrors.JournalUnusable(exception);
        }

        if (journal.Differences.Count > 0)
        {
            bool isSameWork = JournalSettings.AreOfPace(journal.Differences);
            warn(JournalErrors.JournalDiffers(options.Path, journal.Differences, isSameWork));
        }

        if (journal.DoubtfulCount > 0)
        {
            warn(JournalErrors.JournalDoubtful(options.Path, journal.DoubtfulCount));
        }

        return journal;
    }

    // For people to know it by; the hash says whether it is the same.
    private static string Shorten(string text) => text.Length > MaxWork ? string.Concat(text.AsSpan(0, MaxWork), "…") : text;

    private static string Resolve(string path, SessionState session)
    {
        try
        {
            string file = OutputFile.Resolve(path, session);

            // Two names of one file are one journal.
            return File.ResolveLinkTarget(file, returnFinalTarget: true)?.FullName ?? file;
        }
        catch (FileNotFoundException)
        {
            return session.Path.GetUnresolvedProviderPathFromPSPath(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException or RuntimeException)
        {
            throw JournalErrors.JournalUnusable(new JournalException(JournalProblem.NotReadable, path, exception.Message, inner: exception));
        }
    }
}
