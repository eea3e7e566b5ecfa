using Switchyard.Codec;

namespace Switchyard.Work;

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
