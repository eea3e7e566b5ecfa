using Switchyard.Core.Protocol;
using Switchyard.Core.RemoteWorkers.Files;

namespace Switchyard.Core.RemoteWorkers.Server;

/// <summary>Gives batches whose items take files along the folder that these go to.</summary>
/// <param name="openFiles">Opens a stream to the files of the caller.</param>
internal sealed class FileBatchHost(IBatchHost host, Func<Stream> openFiles) : IBatchHost, IDisposable
{
    private WorkFolder? _place;

    public IHostedBatch Begin(WireReader settings, IItemSink sink, string? folder)
    {
        if (!settings.ReadBoolean())
        {
            return host.Begin(settings, sink, folder);
        }

        _place = new WorkFolder(TransferOptions.Read(settings), openFiles);
        _place.Open();
        return new FileBatch(host.Begin(settings, sink, _place.Path), _place, sink);
    }

    public void WriteFailure(WireWriter writer, Exception cause) => host.WriteFailure(writer, cause);

    public bool TryReset()
    {
        bool isReusable = host.TryReset();

        // Only now the process is not in it any more.
        Dispose();
        return isReusable;
    }

    /// <summary>The process is about to end with all that runs. On another thread.</summary>
    public void Leave()
    {
        try
        {
            Volatile.Read(ref _place)?.Dispose();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // What the other thread uses at this moment, it may hold: the process has to end all the same.
            Debug.WriteLine(exception);
        }
    }

    public void Dispose()
    {
        _place?.Dispose();
        _place = null;
    }
}
