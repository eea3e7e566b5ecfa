using Switchyard.Errors;

namespace Switchyard.Work;

/// <summary>Input from a queue, prepared for the workers as piped items are.</summary>
internal sealed class PreparedInput(IInputSource source, BatchWork work) : IInputSource
{
    public event Action Changed
    {
        add => source.Changed += value;
        remove => source.Changed -= value;
    }

    public bool HasEnded => source.HasEnded;

    public bool IsReady => source.IsReady;

    public bool TryTake(out object? item)
    {
        if (!source.TryTake(out object? taken))
        {
            item = null;
            return false;
        }

        try
        {
            item = work.Prepare(taken);
        }
        catch (BatchException exception)
        {
            item = new PreparedItem(taken) { Failure = exception.Record };
        }

        return true;
    }

    public void NoteDone() => source.NoteDone();

    public void Return(object? item) => source.Return(PSObjects.ItemOf(item));
}
