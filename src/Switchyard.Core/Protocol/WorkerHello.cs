namespace Switchyard.Core.Protocol;

/// <summary>What a worker says of itself before anything else.</summary>
/// <param name="Build">Which build of this module it has loaded: both ends must have the same.</param>
/// <param name="HasCrashMarker">Whether it writes the crash marker that it was told of.</param>
/// <param name="ProcessorCount">How many cores it may use where it runs.</param>
internal sealed record WorkerHello(int Version, Guid Build, int ProcessId, bool HasCrashMarker, int ProcessorCount = 1)
{
    public const int CurrentVersion = 1;

    /// <param name="frames">The connection, on which nothing was sent yet.</param>
    public void Send(FrameStream frames)
    {
        WireWriter writer = new();
        writer.WriteCount(Version);
        writer.WriteRaw(Build.ToByteArray());
        writer.WriteCount(ProcessId);
        writer.WriteBoolean(HasCrashMarker);
        writer.WriteCount(ProcessorCount);
        frames.WriteMagic();
        frames.Write(FrameKind.Hello, writer);
    }

    /// <summary>Reads it, and sends the module to a worker that asks for it.</summary>
    /// <param name="frames">The connection, on which nothing was received yet.</param>
    /// <param name="package">What is sent to a worker that lacks the module; null if none is.</param>
    /// <exception cref="MalformedFrameException">It is no worker, or one that is not understood.</exception>
    public static WorkerHello Receive(FrameStream frames, Guid build, Func<byte[]>? package = null)
    {
        WireReader reader = new();
        frames.SkipToMagic();
        FrameKind kind = frames.ReadHello(reader);
        if (kind == FrameKind.NeedModule && package is not null)
        {
            frames.WriteWhole(FrameKind.Module, package());
            frames.SkipToMagic();
            kind = frames.ReadHello(reader);
        }

        if (kind != FrameKind.Hello)
        {
            throw new MalformedFrameException(Messages.AnswerNotFromWorker);
        }

        // The version first: what comes after it may be different in another.
        int version = reader.ReadCount(0);
        if (version != CurrentVersion)
        {
            throw new MalformedFrameException(MessageText.Format(Messages.WorkerOfAnotherVersion, version, CurrentVersion));
        }

        WorkerHello hello = new(version, new Guid(reader.ReadRaw(16)), reader.ReadCount(0), reader.ReadBoolean(), reader.ReadCount(0));
        return hello.Build == build
            ? hello
            : throw new MalformedFrameException(Messages.WorkerOfAnotherBuild);
    }
}
