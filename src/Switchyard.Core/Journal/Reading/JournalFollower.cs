using Switchyard.Core.Journal.Lines;

namespace Switchyard.Core.Journal.Reading;

/// <summary>Waits for what a run that is still going on adds to its journal.</summary>
internal sealed class JournalFollower : IDisposable
{
    // For what file system events do not report: that the writer has ended, and any change on some network file systems.
    private static readonly TimeSpan _longestWait = TimeSpan.FromSeconds(1);

    private readonly FileSystemWatcher? _watcher;
    private readonly SemaphoreSlim _changed = new(0);
    private JournalRun? _run;
    private bool _hasEnded;

    public JournalFollower(string path)
    {
        try
        {
            _watcher = new FileSystemWatcher(Path.GetDirectoryName(path)!, Path.GetFileName(path))
            {
                NotifyFilter = NotifyFilters.LastWrite | NotifyFilters.Size,
            };
            _watcher.Changed += (_, _) => NoteChange();
            _watcher.EnableRaisingEvents = true;
        }
        catch (Exception exception) when (exception is IOException or ArgumentException or PlatformNotSupportedException)
        {
            // No more watchers to be had: then the file is polled.
            Debug.WriteLine(exception);
            _watcher?.Dispose();
            _watcher = null;
        }
    }

    /// <summary>Whether the last run has not ended, and its process is gone.</summary>
    public bool IsCutOff { get; private set; }

    /// <summary>Takes note of a line that was read.</summary>
    public void Note(in JournalLine line)
    {
        _run = line.Run ?? _run;
        _hasEnded = line.End is not null || (_hasEnded && line.Run is null);
    }

    /// <summary>Waits until more may have come, once everything that is there was read.</summary>
    /// <returns>False if nothing more will come.</returns>
    /// <exception cref="OperationCanceledException">The wait was ended.</exception>
    public bool TryAwait(CancellationToken cancellation)
    {
        if (_hasEnded || IsCutOff)
        {
            return false;
        }

        // Checked before the wait, so that its last lines are read after it is known to have ended.
        bool isThere = _run is null || IsRunning(_run);
        if (isThere)
        {
            _changed.Wait(_longestWait, cancellation);
            while (_changed.CurrentCount > 0 && _changed.Wait(0, cancellation))
            {
                // One read covers all changes up to now.
            }
        }

        IsCutOff = !isThere;
        return true;
    }

    public void Dispose()
    {
        _watcher?.Dispose();
        _changed.Dispose();
    }

    /// <summary>Whether the process of a run may still be there; of one on another machine that is not known.</summary>
    public static bool IsRunning(JournalRun run)
    {
        if (run.MachineName != Environment.MachineName)
        {
            return true;
        }

        try
        {
            using Process process = Process.GetProcessById(run.ProcessId);
            return process.StartTime.ToUniversalTime() <= run.StartedAt.UtcDateTime + _longestWait;
        }
        catch (ArgumentException)
        {
            return false;
        }
        catch (Exception exception) when (exception is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // Ended at this moment, or another user's: asked again later.
            Debug.WriteLine(exception);
            return exception is System.ComponentModel.Win32Exception;
        }
    }

    private void NoteChange()
    {
        try
        {
            _changed.Release();
        }
        catch (ObjectDisposedException)
        {
            // A change after the end of the wait. Thrown here, the exception would end the process.
        }
    }
}
