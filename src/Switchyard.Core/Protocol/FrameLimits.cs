namespace Switchyard.Core.Protocol;

/// <summary>How large frames may be. Both ends hold to it, so that no length that was sent makes a reader take memory for nothing.</summary>
internal static class FrameLimits
{
    /// <summary>Bytes before a frame's content: its length as four bytes, the least significant first, and its kind.</summary>
    public const int HeaderLength = 5;

    /// <summary>The most bytes of a frame's content.</summary>
    public const int MaxLength = 512 * 1024 * 1024;

    /// <summary>The most bytes of the first frame, whose sender is not known yet.</summary>
    public const int MaxHelloLength = 1024;

    /// <summary>From this length on a byte array travels by itself, and is copied by neither end.</summary>
    public const int MinBlobLength = 16 * 1024;
}
