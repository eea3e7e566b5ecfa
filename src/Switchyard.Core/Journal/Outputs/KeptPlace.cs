using System.Text.Json.Serialization;

namespace Switchyard.Core.Journal.Outputs;

/// <summary>Where in the file of outputs the last chunk of an item's is.</summary>
/// <param name="At">Where it begins.</param>
/// <param name="Length">How many bytes it has, with its header.</param>
internal readonly record struct KeptPlace(long At, long Length)
{
    /// <summary>The place of what cannot be kept.</summary>
    public static readonly KeptPlace None = new(OutputChunk.None, 0);

    [JsonIgnore]
    public long End => At + Length;
}
