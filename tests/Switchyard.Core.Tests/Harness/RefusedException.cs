namespace Switchyard.Harness;

/// <summary>What an item throws whose server asks to be left alone for a while.</summary>
internal sealed class RefusedException(TimeSpan patience) : Exception
{
    public TimeSpan Patience => patience;
}
