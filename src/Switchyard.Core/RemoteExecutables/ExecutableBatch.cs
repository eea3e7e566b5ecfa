using Switchyard.Core.Executables;
using Switchyard.Core.Protocol;

namespace Switchyard.Core.RemoteExecutables;

/// <summary>What a worker has to know to run a program for each item. The program, its folder and its environment are those of the worker's machine.</summary>
internal sealed record ExecutableBatch
{
    /// <summary>A name on PATH there, or a path.</summary>
    public required string FilePath { get; init; }

    /// <summary>Where it starts; null for where the worker is.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Variables to set, or with null to remove.</summary>
    public IReadOnlyList<KeyValuePair<string, string?>> EnvironmentChanges { get; init; } = [];

    /// <summary>How many run at a time on the worker's machine; 0 for one for each of its cores.</summary>
    public int AtOnce { get; init; }

    public InputMode InputMode { get; init; }

    /// <summary>Code page of the lines of one that is asked line by line. Of others the bytes travel.</summary>
    public int CodePage { get; init; }

    /// <summary>Whether its output is wanted in large pieces, and not as it comes.</summary>
    public bool AsBytes { get; init; }

    public TimeSpan Grace { get; init; }

    public TimeSpan StopGrace { get; init; }

    public void Write(WireWriter writer)
    {
        writer.WriteString(FilePath);
        writer.WriteString(WorkingDirectory);
        writer.WriteCount(EnvironmentChanges.Count);
        foreach ((string name, string? value) in EnvironmentChanges)
        {
            writer.WriteString(name);
            writer.WriteString(value);
        }

        writer.WriteCount(AtOnce);
        writer.WriteCount((int)InputMode);
        writer.WriteCount(CodePage);
        writer.WriteBoolean(AsBytes);
        writer.WriteSigned(Grace.Ticks);
        writer.WriteSigned(StopGrace.Ticks);
    }

    public static ExecutableBatch Read(WireReader reader)
    {
        string path = reader.ReadText();
        string? folder = reader.ReadString();
        KeyValuePair<string, string?>[] changes = new KeyValuePair<string, string?>[reader.ReadCount(2)];
        for (int i = 0; i < changes.Length; i++)
        {
            changes[i] = KeyValuePair.Create(reader.ReadText(), reader.ReadString());
        }

        return new ExecutableBatch
        {
            FilePath = path,
            WorkingDirectory = folder,
            EnvironmentChanges = changes,
            AtOnce = reader.ReadCount(0),
            InputMode = (InputMode)reader.ReadCount(0),
            CodePage = reader.ReadCount(0),
            AsBytes = reader.ReadBoolean(),
            Grace = TimeSpan.FromTicks(reader.ReadSigned()),
            StopGrace = TimeSpan.FromTicks(reader.ReadSigned()),
        };
    }
}
