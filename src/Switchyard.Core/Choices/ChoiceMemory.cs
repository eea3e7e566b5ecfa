using System.Text.Json;
using Switchyard.Core.Files;

namespace Switchyard.Core.Choices;

/// <summary>
/// Keeps what batches have learnt in a file of the user's cache, for the next ones. A batch goes on without it: whatever is wrong is
/// <see cref="Problem"/>, never an exception, and what another process keeps from being written within some milliseconds is not remembered.
/// </summary>
/// <param name="path">The file; null where the user has no folder for it.</param>
internal sealed class ChoiceMemory(string? path, TimeProvider clock)
{
    /// <summary>How many choices are kept: some 60 KB, read in less than a millisecond.</summary>
    public const int Capacity = 200;

    // Far more than that many choices take: it is no file of this kind.
    private const int MaxBytes = 1 << 20;

    private static readonly TimeSpan _lifetime = TimeSpan.FromDays(90);

    // Another process has the lock for a millisecond or two, so this is for several of them.
    private static readonly TimeSpan _lockTimeout = TimeSpan.FromMilliseconds(30);

    /// <summary>Where choices are kept if nothing else is said; null where the user has no folder for it.</summary>
    public static string? DefaultPath => CacheFolder is { } folder ? Path.Combine(folder, "switchyard", "choices.json") : null;

    /// <summary>Why the last call did not do what it was asked for; null if it did.</summary>
    public string? Problem { get; private set; }

    private static string? CacheFolder
    {
        get
        {
            // By the convention a relative one counts for nothing.
            if (Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { } chosen && Path.IsPathFullyQualified(chosen))
            {
                return chosen;
            }

            string place = Environment.GetFolderPath(OperatingSystem.IsWindows() ? Environment.SpecialFolder.LocalApplicationData : Environment.SpecialFolder.UserProfile);
            return !Path.IsPathFullyQualified(place) ? null
                : OperatingSystem.IsWindows() ? place
                : OperatingSystem.IsMacOS() ? Path.Combine(place, "Library", "Caches")
                : Path.Combine(place, ".cache");
        }
    }

    private DateTimeOffset Oldest => clock.GetUtcNow() - _lifetime;

    /// <summary>Looks up what was learnt; null if there is nothing.</summary>
    public LearntChoice? Recall(string key)
    {
        Problem = null;
        try
        {
            return path is not null && ChoiceFormat.Find(Read(path), key) is { } choice && choice.When >= Oldest ? choice : null;
        }
        catch (Exception exception) when (IsFailure(exception))
        {
            Problem = MessageText.Format(Messages.ChoicesNotReadable, path, exception.Message);
            return null;
        }
    }

    /// <summary>Keeps a choice in place of an earlier one. Those that were used longest ago make room.</summary>
    public void Remember(string key, LearntChoice choice)
    {
        if (choice.IsSound)
        {
            Change(choices =>
            {
                choices[key] = choice;
                return true;
            });
        }
    }

    public void Forget(string key)
    {
        if (File.Exists(path))
        {
            Change(choices => choices.Remove(key));
        }
    }

    private static byte[] Read(string path)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);
        byte[] content = new byte[Math.Min(file.Length, MaxBytes)];
        file.ReadExactly(content);
        return content;
    }

    private static Dictionary<string, LearntChoice> ReadAll(string path)
    {
        try
        {
            return Read(path) is { Length: > 0 } content ? ChoiceFormat.Read(content) : [];
        }
        catch (JsonException)
        {
            // Nothing in it can be trusted. It is only a cache, so the next to write begins a new one.
            return [];
        }
    }

    private static bool IsFailure(Exception exception) => exception is IOException or UnauthorizedAccessException or JsonException;

    private void Change(Func<Dictionary<string, LearntChoice>, bool> change)
    {
        Problem = null;
        try
        {
            if (path is null)
            {
                Problem = Messages.ChoicesHaveNoFolder;
                return;
            }

            _ = Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using FileStream? mine = FileLock.TryTake(path + ".lock", _lockTimeout);
            if (mine is null)
            {
                Problem = MessageText.Format(Messages.ChoicesBusy, path);
                return;
            }

            Dictionary<string, LearntChoice> choices = ReadAll(path);
            if (change(choices))
            {
                Write(path, choices);
            }
        }
        catch (Exception exception) when (IsFailure(exception))
        {
            Problem = MessageText.Format(Messages.ChoicesNotWritable, path, exception.Message);
        }
    }

    private void Write(string path, Dictionary<string, LearntChoice> choices)
    {
        DateTimeOffset oldest = Oldest;
        foreach ((string key, LearntChoice choice) in choices)
        {
            if (choice.When < oldest)
            {
                choices.Remove(key);
            }
        }

        while (choices.Count > Capacity)
        {
            choices.Remove(choices.MinBy(choice => choice.Value.When).Key);
        }

        ReadOnlySpan<byte> content = ChoiceFormat.Write(choices);

        // Under a name of its own: on some file systems a lock has no effect.
        string temporary = $"{path}.{Path.GetRandomFileName()}";
        try
        {
            using (FileStream file = new(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1))
            {
                file.Write(content);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
