namespace Switchyard.Core.Harness;

/// <summary>What an item throws whose server says Retry-After.</summary>
internal sealed class RefusedException(TimeSpan retryAfter) : Exception
{
    public TimeSpan RetryAfter => retryAfter;
}
