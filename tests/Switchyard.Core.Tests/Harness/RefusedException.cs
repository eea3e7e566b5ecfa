namespace Switchyard.Core.Harness;

/// <summary>What an item throws whose server asks to be left alone for a while.</summary>
internal sealed class RefusedException(TimeSpan timeout) : Exception
{
    public TimeSpan Patience => timeout;
}
