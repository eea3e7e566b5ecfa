namespace Switchyard.Streams;

/// <summary>How many items a batch is expected to have. Set on the thread that adds them, read on any.</summary>
internal sealed class ExpectedTotal
{
    private const long Unknown = -1;

    private long _counted = Unknown;

    /// <summary>How many the caller has said; null if nothing. Set before the run.</summary>
    public long? Given { get; set; }

    /// <summary>How many the input turned out to have; null if that cannot be told.</summary>
    public long? Counted
    {
        get => Interlocked.Read(ref _counted) is var counted and not Unknown ? counted : null;
        set => Interlocked.Exchange(ref _counted, value ?? Unknown);
    }

    public long? Value => Given ?? Counted;
}
