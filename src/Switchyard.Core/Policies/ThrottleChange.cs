namespace Switchyard.Core.Policies;

/// <summary>A change of the number of items that run at a time.</summary>
internal sealed record ThrottleChange(int OldLimit, int NewLimit, string Reason)
{
    public override string ToString() => FormattableString.Invariant($"from {OldLimit} to {NewLimit}: {Reason}");
}
