namespace Switchyard.Core.RemoteExecutables;

/// <summary>What a record of a worker's program holds.</summary>
internal enum RecordContent : byte
{
    OutputBytes,

    ErrorBytes,

    /// <summary>The line with which a program answers a line.</summary>
    Answer,

    Report,
}
