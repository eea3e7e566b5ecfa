using System.Management.Automation;
using Switchyard.Codec;
using Switchyard.Core.Items;

namespace Switchyard.Commands;

/// <summary>A script block.</summary>
/// <param name="block">The caller's block.</param>
/// <param name="workers">Makes the workers that run it.</param>
/// <param name="defaultThrottleLimit">How many run at a time if nobody says.</param>
/// <param name="sendsItems">Whether items may be sent to processes.</param>
internal sealed class ScriptBlockWork(ScriptBlock block, IWorkerFactory workers, int defaultThrottleLimit, bool sendsItems) : BatchWork
{
    private string? _action;

    /// <inheritdoc/>
    public override IWorkerFactory Workers => workers;

    /// <inheritdoc/>
    public override int DefaultThrottleLimit => defaultThrottleLimit;

    /// <inheritdoc/>
    public override string Description => block.ToString();

    /// <inheritdoc/>
    public override object? Prepare(object? item) => sendsItems ? ItemSnapshots.Prepare(item) : item;

    /// <inheritdoc/>
    public override string ActionFor(object? item) =>
        _action ??= MessageText.Format(Messages.ShouldProcessAction, block.ToString().Trim().ReplaceLineEndings(" "));
}
