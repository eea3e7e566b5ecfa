using System.Management.Automation;
using Switchyard.Codec;
using Switchyard.Core.Items;

namespace Switchyard.Work;

/// <summary>A script block.</summary>
/// <param name="block">The caller's block.</param>
/// <param name="workers">Makes the workers that run it.</param>
/// <param name="defaultThrottleLimit">How many items run at a time without -ThrottleLimit.</param>
/// <param name="sendsItems">Whether items may be sent to processes.</param>
internal sealed class ScriptBlockWork(ScriptBlock block, IWorkerFactory workers, int defaultThrottleLimit, bool sendsItems) : BatchWork
{
    private string? _action;

    public override IWorkerFactory Workers => workers;

    public override int DefaultThrottleLimit => defaultThrottleLimit;

    public override string Description => block.ToString();

    public override object? Prepare(object? item) => sendsItems ? ItemSnapshots.Prepare(item) : item;

    public override string ActionFor(object? item) =>
        _action ??= MessageText.Format(Messages.ShouldProcessAction, block.ToString().Trim().ReplaceLineEndings(" "));
}
