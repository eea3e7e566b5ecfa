using Switchyard.Engine;
using Switchyard.Hosting;

namespace Switchyard.Streams;

/// <summary>Hands on what a pipeline writes to its other streams, the moment it is written and on the thread that writes it.</summary>
internal static class StreamRelay
{
    /// <summary>Connects the streams of a pipeline that is about to run.</summary>
    /// <param name="hearsWarnings">Whether warnings come that the body has not asked to be shown.</param>
    public static void Connect(PSDataStreams streams, IItemSink sink, Action<ErrorRecord> errors, WorkerHostUI hostUI, bool hearsWarnings)
    {
        Relay(streams.Error, errors);
        Relay(streams.Warning, record =>
            sink.Write(RecordKind.Warning, !hearsWarnings || EngineStreams.IsWarningAskedFor() ? new ShownRecord(record) : record));

        // What the caller does not want to hear, a session is not to write: so what comes was let through.
        Relay(streams.Verbose, record => sink.Write(RecordKind.Verbose, new ShownRecord(record)));
        Relay(streams.Debug, record => sink.Write(RecordKind.Debug, new ShownRecord(record)));
        Relay(streams.Progress, record => sink.Write(RecordKind.Progress, record));
        Relay(streams.Information, record =>
        {
            hostUI.ExpectEcho(record.ToString());
            sink.Write(RecordKind.Information, EngineStreams.IsInformationShown() ? new ShownRecord(record) : record);
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
