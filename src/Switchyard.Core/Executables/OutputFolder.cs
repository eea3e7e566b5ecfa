using Switchyard.Core.Gauges;

namespace Switchyard.Core.Executables;

/// <summary>
/// The folder that takes the output of a run's items. Each item has a number, which names its files. Files that are there already are
/// kept: no item gets their number, unless a journal says that it is the item's own.
/// </summary>
internal sealed class OutputFolder
{
    private readonly object _lock = new();
    private readonly FileSystemCase _names = new();

    // By number: whose it is. Null for what was there and for items of this run that need not be told apart.
    private readonly Dictionary<long, ItemAccount?> _taken = [];
    private readonly bool _goesOn;
    private readonly long _first;
    private long _highest = -1;

    /// <param name="goesOn">Whether the run resumes another: then an item's number is its position if that is free. Otherwise all numbers follow those that are there.</param>
    /// <exception cref="IOException">It cannot be made or written.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be made or written.</exception>
    public OutputFolder(string path, bool goesOn)
    {
        Path = path;
        _goesOn = goesOn;
        Directory.CreateDirectory(path);
        foreach (string file in Directory.EnumerateFileSystemEntries(path))
        {
            if (ItemFiles.TryParse(System.IO.Path.GetFileName(file.AsSpan()), out long number))
            {
                _highest = Math.Max(_highest, number);
                if (goesOn)
                {
                    _taken[number] = null;
                }
            }
        }

        _first = goesOn ? 0 : _highest + 1;

        // One error before the first item, and not one for each.
        using (File.Create(System.IO.Path.Combine(path, $".{Guid.NewGuid():N}"), bufferSize: 1, FileOptions.DeleteOnClose))
        {
        }
    }

    public string Path { get; }

    /// <summary>The number that the first item gets; more than 0 if there are others' files.</summary>
    public long First => _first;

    /// <summary>Opens the files of an attempt: in the place that the item has by an earlier attempt or run, else in one of its own.</summary>
    /// <exception cref="IOException">They cannot be written.</exception>
    public ItemFiles Open(in BatchItem item)
    {
        lock (_lock)
        {
            return IsOwn(item.Account?.Own, out string path)
                ? new ItemFiles(path, isOwn: true, this)
                : new ItemFiles(PathOf(Number(item)), isOwn: false, this);
        }
    }

    /// <summary>Names another place, as the one that was named is taken.</summary>
    public string Next()
    {
        lock (_lock)
        {
            return PathOf(TakeNext());
        }
    }

    private bool IsOwn(ItemAccount? account, out string path)
    {
        path = account?.OutputPath ?? string.Empty;
        if (account is null
            || System.IO.Path.GetDirectoryName(path) is not { } folder
            || !_names.AreSame(folder, Path)
            || !ItemFiles.TryParse($"{System.IO.Path.GetFileName(path)}.stdout", out long number))
        {
            return false;
        }

        // Its files may be gone, and another item have the number by now.
        if (_taken.TryGetValue(number, out ItemAccount? holder) && holder is not null && holder != account && holder != account.SplitFrom?.Account)
        {
            return false;
        }

        _taken[number] = account;
        _highest = Math.Max(_highest, number);
        return true;
    }

    private long Number(in BatchItem item)
    {
        long number = _first + item.Index;
        ItemAccount? account = item.Account?.Own;
        if (_goesOn && !_taken.TryAdd(number, account) && (account is null || _taken[number] != account))
        {
            return TakeNext();
        }

        _highest = Math.Max(_highest, number);
        return number;
    }

    private long TakeNext()
    {
        _highest++;
        _taken[_highest] = null;
        return _highest;
    }

    private string PathOf(long number) => System.IO.Path.Combine(Path, number.ToString(CultureInfo.InvariantCulture));
}
