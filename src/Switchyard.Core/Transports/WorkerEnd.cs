using Switchyard.Core.Processes;

namespace Switchyard.Core.Transports;

/// <summary>A worker process's own end of what connects it to its caller.</summary>
internal sealed class WorkerEnd : IDisposable
{
    private WorkerEnd(Stream stream, CrashMarker? crashMarker)
    {
        Stream = stream;
        CrashMarker = crashMarker;
    }

    /// <summary>The bytes to and from the caller.</summary>
    public Stream Stream { get; }

    /// <summary>Where the worker notes what it is on; null if it shares no memory with its caller.</summary>
    public CrashMarker? CrashMarker { get; }

    /// <summary>Takes what carries bytes to and from a caller on another machine.</summary>
    /// <param name="stream">The connection; null for this process's standard input and output.</param>
    /// <exception cref="IOException">There are no descriptors left.</exception>
    /// <param name="hasLifeline">Whether standard input ends when the caller is gone, and carries nothing.</param>
    public static WorkerEnd OfFar(Stream? stream, bool hasLifeline = false)
    {
        OwnProcess.LeadGroup();
        if (hasLifeline)
        {
            // What the worker starts must not wait for it.
            Stream lifeline = OwnProcess.TakeStandardStreams();
            new Thread(() => Watch(lifeline)) { IsBackground = true, Name = "Switchyard lifeline" }.Start();
        }

        return new WorkerEnd(stream ?? OwnProcess.TakeStandardStreams(), crashMarker: null);
    }

    /// <summary>Connects to the caller.</summary>
    /// <exception cref="IOException">The caller is not there.</exception>
    public static WorkerEnd Connect(Stream input)
    {
        WorkerBootstrap bootstrap = WorkerBootstrap.Read(input);
        CrashMarker? crashMarker = bootstrap.CrashMarkerPlace is { } place ? CrashMarker.TryOpen(place) : null;
        return new WorkerEnd(LocalListener.Connect(bootstrap.Endpoint), crashMarker);
    }

    /// <summary>Ends this process and those of its group at once: its caller is gone.</summary>
    public static void KillOwnGroup() => OwnProcess.KillGroup();

    public static void KillOwnProcess() => OwnProcess.Kill();

    private static void Watch(Stream lifeline)
    {
        byte[] nothing = new byte[64];
        try
        {
            while (lifeline.Read(nothing, 0, nothing.Length) > 0)
            {
            }
        }
        catch (IOException exception)
        {
            Debug.WriteLine(exception);
        }

        KillOwnGroup();
    }

    public void Dispose()
    {
        Stream.Dispose();
        CrashMarker?.Dispose();
    }
}
