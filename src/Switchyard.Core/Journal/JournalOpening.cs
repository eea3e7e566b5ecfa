using Microsoft.Win32.SafeHandles;
using Switchyard.Core.Files;
using Switchyard.Core.Journal.Outputs;
using Switchyard.Core.Journal.Reading;

namespace Switchyard.Core.Journal;

/// <summary>Opens a run's journal: locks it, reads what is there, and begins the run in it.</summary>
internal static class JournalOpening
{
    /// <summary>Opens a run's journal, and begins it if it is not there.</summary>
    /// <exception cref="JournalException">It cannot be used.</exception>
    public static RunJournal Open(JournalOptions options)
    {
        try
        {
            return options.IsReadOnly ? Peek(options) : OpenLocked(options);
        }
        catch (Exception exception) when (
            exception is not JournalException && exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new JournalException(JournalProblem.NotReadable, options.Path, exception.Message, inner: exception);
        }
    }

    private static RunJournal Peek(JournalOptions options)
    {
        bool isThere = File.Exists(options.Path);
        return isThere && !options.Resumes
            ? throw Exists(options)
            : new RunJournal(options.Describer, isThere ? ReadHistory(options) : null, null, null, []);
    }

    private static RunJournal OpenLocked(JournalOptions options)
    {
        JournalLock? use = JournalLock.TryTake(options.Path)
            ?? throw new JournalException(JournalProblem.InUse, options.Path, FindUser(options.Path));
        SafeFileHandle? file = null;
        try
        {
            JournalHistory? history = null;
            if (File.Exists(options.Path) && new FileInfo(options.Path).Length > 0)
            {
                history = options.Resumes ? ReadHistory(options) : throw Exists(options);
            }

            file = BusyFile.Use(() => File.OpenHandle(options.Path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete));
            long length = history?.Length ?? 0;

            // What a run was writing when it was ended.
            BusyFile.Use(() => RandomAccess.SetLength(file, length));
            KeptOutputs? outputs = options.Outputs is { } createCodec
                ? new KeptOutputs(OutputFile.Open(options.Path, history?.Outputs?.End ?? 0), history?.Outputs, createCodec)
                : null;
            JournalWriter writer = new(options.Path, file, length, use, options.Syncs) { Outputs = outputs?.File };
            use = null;
            JournalRun run = options.Run with { Number = (history?.LastRun?.Number ?? 0) + 1 };
            writer.Add(run, static (lines, begun) => lines.Write(begun), long.MaxValue);
            IReadOnlyList<string> differences = history?.LastRun is { } last ? run.DiffersFrom(last) : [];
            return new RunJournal(options.Describer, history, writer, outputs, differences);
        }
        catch
        {
            if (use is not null)
            {
                file?.Dispose();
                use.Dispose();
            }

            throw;
        }
    }

    private static JournalHistory ReadHistory(JournalOptions options) =>
        JournalHistory.Read(options.Path, options.OutputDirectory, options.Stop, wantsOutputs: options.Outputs is not null);

    private static JournalException Exists(JournalOptions options) => new(JournalProblem.Exists, options.Path, string.Empty);

    private static string FindUser(string path)
    {
        try
        {
            JournalRun? last = JournalHistory.Read(path).LastRun;
            return last is null ? string.Empty : $"{last.ProcessId}";
        }
        catch (JournalException)
        {
            // Only just begun, perhaps; that it is in use is known all the same.
            return string.Empty;
        }
    }
}
