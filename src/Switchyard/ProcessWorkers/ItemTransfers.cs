using System.Collections.ObjectModel;
using System.Security.Cryptography;
using Switchyard.Core.Executables.Arguments;
using Switchyard.Core.RemoteWorkers.Files;
using Switchyard.Errors;
using Switchyard.Executables;

namespace Switchyard.ProcessWorkers;

/// <summary>
/// Finds which files go with an item to another machine and which come back, as -SendFile and -ReceiveFile say. On the pipeline's thread, in the caller's session.
/// </summary>
internal sealed class ItemTransfers
{
    private static readonly object[] _noArguments = [];

    private readonly ArgumentElement[] _sent;
    private readonly ArgumentElement[] _received;
    private readonly FilePlan _plan;
    private long _lastNumber;

    /// <param name="location">The caller's location, a full path.</param>
    public ItemTransfers(IEnumerable<object?> sent, IEnumerable<object?> received, string location)
    {
        _sent = [.. sent.Select(element => new ArgumentElement(element))];
        _received = [.. received.Select(element => new ArgumentElement(element))];
        _plan = new FilePlan(location);
    }

    /// <summary>Says how they are handled there, with those that are the same for all items.</summary>
    /// <exception cref="BatchException">One of those is not there.</exception>
    public TransferOptions CreateOptions(string? folder, bool cleansUp, bool speculates)
    {
        try
        {
            SentFile[] all = [.. _sent.Where(element => !element.DependsOnItem).SelectMany(element => Find(element.Template!.Expand(new ArgumentValues(string.Empty, 0, 0))))];
            return new TransferOptions(FolderName(cleansUp || speculates), folder, cleansUp, new ItemFiles(0, all, [])) { IsTwofold = speculates };
        }
        catch (FileTransferException exception)
        {
            throw new BatchException(FileErrors.FileFailed(exception, null));
        }
    }

    /// <summary>Adds an item's files to what was prepared of it.</summary>
    public object? Prepare(object? item, object? prepared)
    {
        if (prepared is PreparedItem { Failure: not null })
        {
            return prepared;
        }

        PreparedItem result = prepared as PreparedItem ?? new PreparedItem(item);
        try
        {
            return result with { Files = FilesOf(item) };
        }
        catch (PipelineStoppedException)
        {
            throw;
        }
        catch (FileTransferException exception)
        {
            return result with { Failure = FileErrors.FileFailed(exception, item) };
        }
        catch (RuntimeException exception)
        {
            return result with { Failure = FileErrors.FileBlockFailed(item, exception) };
        }
    }

    private ItemFiles FilesOf(object? item)
    {
        string text = ArgumentText.Of(item);
        string? own = PSObjects.Unwrap(item) switch
        {
            FileSystemInfo file => file.FullName,
            string { Length: > 0 } path when !path.Contains('\0') => Resolve(path),
            _ => null,
        };
        bool isSent = false;
        List<SentFile> sent = [];
        foreach (string path in _sent.Where(element => element.DependsOnItem).SelectMany(element => Evaluate(element, text, item)))
        {
            isSent |= own is not null && path.Length > 0 && Resolve(path) == own;
            sent.AddRange(Find(path));
        }

        // A text that is no path which was sent is what it is.
        bool isText = PSObjects.Unwrap(item) is string;
        string? farPath = isSent ? _plan.TargetOf(own!) : null;
        string? beside = isSent || !isText ? own : null;
        string farText = beside is null ? text : _plan.TargetOf(beside);
        ReceivedFile[] received =
            [.. _received.SelectMany(element => Evaluate(element, farText, item)).Select(name => _plan.Receive(name, beside))];
        return new ItemFiles(++_lastNumber, sent, received)
        {
            FarPath = farPath,
            Place = farPath is null ? ItemPlace.None : isText ? ItemPlace.Text : ItemPlace.File,
        };
    }

    private static IEnumerable<string> Evaluate(ArgumentElement element, string text, object? item)
    {
        if (element.Block is not { } block)
        {
            return [element.Template!.Expand(new ArgumentValues(text, 0, 0))];
        }

        Collection<PSObject?> values = block.InvokeWithContext(null, [new PSVariable("_", item)], _noArguments)!;
        return values.Where(value => value is not null).Select(value => ArgumentText.Of(value));
    }

    private IEnumerable<SentFile> Find(string path) => _plan.Find(path.Length == 0 ? path : Resolve(path));

    private string Resolve(string path) => Path.GetFullPath(
        path == "~" || path.StartsWith("~/", StringComparison.Ordinal) ? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + path[1..] : path,
        _plan.Location);

    // The same for each run from here, so that what is there is not sent again; one of its own where nothing is to stay.
    private string FolderName(bool cleansUp)
    {
        string name = Convert.ToHexString(
            SHA256.HashData(Encoding.UTF8.GetBytes($"{Environment.MachineName}\0{Environment.UserName}\0{_plan.Location}")).AsSpan(0, 8));
        return cleansUp ? $"{name}-{Guid.NewGuid():N}" : name;
    }
}
