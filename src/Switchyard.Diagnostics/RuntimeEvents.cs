using System.Diagnostics.Tracing;
using Microsoft.Diagnostics.NETCore.Client;
using Microsoft.Diagnostics.Tracing;
using Microsoft.Diagnostics.Tracing.Parsers;
using Switchyard.Core.Analysis;

namespace Switchyard.Diagnostics;

/// <summary>What a .NET process's runtime tells of its garbage collector and its locks.</summary>
internal static class RuntimeEvents
{
    private const int BufferMegabytes = 16;

    /// <summary>Listens for a while.</summary>
    /// <returns>What was told; null if the process has no diagnostic port, or its port does not answer.</returns>
    public static RuntimeFigures? Listen(int processId, TimeSpan duration, CancellationToken cancellation)
    {
        try
        {
            if (!DiagnosticsClient.GetPublishedProcesses().Contains(processId))
            {
                return null;
            }

            EventPipeProvider runtime = new(
                ClrTraceEventParser.ProviderName,
                EventLevel.Informational,
                (long)(ClrTraceEventParser.Keywords.GC | ClrTraceEventParser.Keywords.Contention));
            using EventPipeSession session = new DiagnosticsClient(processId).StartEventPipeSession([runtime], requestRundown: false, BufferMegabytes);
            using Timer end = new(_ => Stop(session), null, duration, Timeout.InfiniteTimeSpan);
            using (cancellation.Register(() => Stop(session)))
            {
                return Read(session.EventStream);
            }
        }
        catch (Exception exception)
        {
            // It has ended, is another user's, or is something else that answers; or ports cannot be listed. Then only what the system tells is known.
            System.Diagnostics.Debug.WriteLine(exception);
            return null;
        }
    }

    private static RuntimeFigures Read(Stream events)
    {
        int collections = 0;
        int contentions = 0;
        double paused = 0;
        double locked = 0;
        double? stoppedAt = null;
        using EventPipeEventSource source = new(events);
        source.Clr.GCStart += _ => collections++;
        source.Clr.GCSuspendEEStart += data => stoppedAt = data.TimeStampRelativeMSec;
        source.Clr.GCRestartEEStop += data =>
        {
            paused += stoppedAt is { } since ? data.TimeStampRelativeMSec - since : 0;
            stoppedAt = null;
        };
        source.Clr.ContentionStop += data =>
        {
            contentions++;
            locked += data.DurationNs;
        };
        source.Process();
        return new RuntimeFigures(collections, paused / 1e3, contentions, locked / 1e9);
    }

    private static void Stop(EventPipeSession session)
    {
        try
        {
            session.Stop();
        }
        catch (Exception exception) when (exception is DiagnosticsClientException or IOException or ObjectDisposedException)
        {
            // The process has ended, and the session with it.
            System.Diagnostics.Debug.WriteLine(exception);
        }
    }
}
