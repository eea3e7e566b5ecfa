using Switchyard.Core.Items;

namespace Switchyard.Commands;

/// <summary>A feed whose items are prepared for the workers, as those that are piped in are.</summary>
/// <param name="feed">The feed.</param>
/// <param name="work">Prepares them.</param>
internal sealed class PreparedFeed(IInputSource feed, BatchWork work) : IInputSource
{
    /// <inheritdoc/>
    public event Action Changed
    {
        add => feed.Changed += value;
        remove => feed.Changed -= value;
    }

    /// <inheritdoc/>
    public bool HasEnded => feed.HasEnded;

    /// <inheritdoc/>
    public bool IsReady => feed.IsReady;

    /// <inheritdoc/>
    public bool TryTake(out object? item)
    {
        if (!feed.TryTake(out object? taken))
        {
            item = null;
            return false;
        }

        item = work.Prepare(taken);
        return true;
    }

    /// <inheritdoc/>
    public void NoteDone() => feed.NoteDone();

    /// <inheritdoc/>
    public void Return(object? item) => feed.Return(PSObjects.ItemOf(item));
}
