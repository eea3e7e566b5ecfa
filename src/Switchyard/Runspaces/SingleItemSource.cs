namespace Switchyard.Runspaces;

/// <summary>Hands out one item, for a session that is to see no other.</summary>
internal sealed class SingleItemSource : IItemSource
{
    private readonly BatchItem _item;
    private bool _taken;

    public SingleItemSource(BatchItem item) => _item = item;

    public bool TryTake(out BatchItem item)
    {
        item = _item;
        bool isFirst = !_taken;
        _taken = true;
        return isFirst;
    }
}
