namespace Switchyard.Core.Protocol;

/// <summary>What a worker says of itself before anything else.</summary>
/// <param name="Version">The protocol that it speaks.</param>
/// <param name="Build">Which build of this module it has loaded: both ends must have the same.</param>
/// <param name="ProcessId">Its process, on its own machine.</param>
public sealed record WorkerHello(int Version, Guid Build, int ProcessId)
{
    /// <summary>The protocol that this code speaks.</summary>
    public const int CurrentVersion = 1;

    /// <summary>Says it.</summary>
    /// <param name="frames">The connection, on which nothing was sent yet.</param>
    public void Send(FrameStream frames)
    {
        ArgumentNullException.ThrowIfNull(frames);
        WireWriter writer = new();
        writer.WriteCount(Version);
        writer.WriteRaw(Build.ToByteArray());
        writer.WriteCount(ProcessId);
        frames.WriteMagic();
        frames.Write(FrameKind.Hello, writer);
    }

    /// <summary>Hears it.</summary>
    /// <param name="frames">The connection, on which nothing was received yet.</param>
    /// <param name="build">The build that is wanted.</param>
    /// <returns>What the worker says of itself.</returns>
    /// <exception cref="MalformedFrameException">It is no worker, or one that is not understood.</exception>
    public static WorkerHello Receive(FrameStream frames, Guid build)
    {
        ArgumentNullException.ThrowIfNull(frames);
        WireReader reader = new();
        frames.SkipToMagic();
        if (frames.ReadHello(reader) != FrameKind.Hello)
        {
            throw new MalformedFrameException(Messages.AnswerNotFromWorker);
        }

        // The version first: what comes after it may be different in another.
        int version = reader.ReadCount(0);
        if (version != CurrentVersion)
        {
            throw new MalformedFrameException(MessageText.Format(Messages.WorkerOfAnotherVersion, version, CurrentVersion));
        }

        WorkerHello hello = new(version, new Guid(reader.ReadRaw(16)), reader.ReadCount(0));
        return hello.Build == build
            ? hello
            : throw new MalformedFrameException(Messages.WorkerOfAnotherBuild);
    }
}
