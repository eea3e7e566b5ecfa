namespace Switchyard.Work;

internal sealed class ScriptBlockWork(ScriptBlock block, IWorkerFactory workers, int defaultThrottleLimit, Func<object?, object?> prepare) : BatchWork
{
    private string? _action;

    public override IWorkerFactory Workers => workers;

    public override int DefaultThrottleLimit => defaultThrottleLimit;

    public override string Description => block.ToString();

    public override object? Prepare(object? item) => prepare(item);

    public override string ActionFor(object? item) =>
        _action ??= MessageText.Format(Messages.ShouldProcessAction, block.ToString().Trim().ReplaceLineEndings(" "));
}
