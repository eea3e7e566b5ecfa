using Switchyard.Hosting;

namespace Switchyard.Streams;

/// <summary>Hands on what a pipeline writes to its other streams, the moment it is written and on the thread that writes it.</summary>
internal static class StreamRelay
{
    /// <summary>Connects the streams of a pipeline that is about to run.</summary>
    public static void Connect(PSDataStreams streams, IItemSink sink, Action<ErrorRecord> errors, WorkerHostUI hostUI)
    {
        Relay(streams.Error, errors);
        Relay(streams.Warning, record => sink.Write(RecordKind.Warning, record));
        Relay(streams.Verbose, record => sink.Write(RecordKind.Verbose, record));
        Relay(streams.Debug, record => sink.Write(RecordKind.Debug, record));
        Relay(streams.Progress, record => sink.Write(RecordKind.Progress, record));
        Relay(streams.Information, record =>
        {
            hostUI.ExpectEcho(record.ToString());
            sink.Write(RecordKind.Information, record);
        });
    }

    private static void Relay<T>(PSDataCollection<T> stream, Action<T> handOn) => stream.DataAdded += (_, _) =>
    {
        foreach (T record in stream.ReadAll())
        {
            handOn(record);
        }
    };
}
