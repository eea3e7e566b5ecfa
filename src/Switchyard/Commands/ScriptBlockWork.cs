using System.Management.Automation;
using Switchyard.Codec;
using Switchyard.Items;

namespace Switchyard.Commands;

/// <summary>A script block.</summary>
/// <param name="block">The caller's block.</param>
/// <param name="workers">Makes the workers that run it.</param>
/// <param name="defaultThrottleLimit">How many run at a time if nobody says.</param>
/// <param name="snapshots">Takes down items that are sent to processes; null if they are not sent anywhere.</param>
internal sealed class ScriptBlockWork(
    ScriptBlock block, IWorkerFactory workers, int defaultThrottleLimit, ItemSnapshots? snapshots = null) : BatchWork
{
    private string? _action;

    /// <inheritdoc/>
    public override IWorkerFactory Workers => workers;

    /// <inheritdoc/>
    public override int DefaultThrottleLimit => defaultThrottleLimit;

    /// <inheritdoc/>
    public override string Description => block.ToString();

    /// <inheritdoc/>
    public override object? Prepare(object? item) => snapshots is null ? item : snapshots.Prepare(item);

    /// <inheritdoc/>
    public override string ActionFor(object? item) =>
        _action ??= MessageText.Format(Messages.ShouldProcessAction, block.ToString().Trim().ReplaceLineEndings(" "));
}
