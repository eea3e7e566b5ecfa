namespace Switchyard.Core.Policies;

/// <summary>A change of the number of items that run at a time.</summary>
/// <param name="OldLimit">The number before.</param>
/// <param name="Reason">Why, as words with numbers, for a reader of the verbose stream.</param>
internal sealed record ThrottleChange(int OldLimit, int NewLimit, string Reason)
{
    /// <summary>The change and its reason in one sentence.</summary>
    /// <returns>For example "from 4 to 8: 38 items/s at 4, ...".</returns>
    public override string ToString() => FormattableString.Invariant($"from {OldLimit} to {NewLimit}: {Reason}");
}
