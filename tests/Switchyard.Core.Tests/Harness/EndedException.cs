using Switchyard.Core.Items;

namespace Switchyard.Core.Harness;

/// <summary>What an item throws to end in a way that only workers elsewhere know.</summary>
internal sealed class EndedException(ItemEnd end) : Exception
{
    public ItemEnd End => end;

    public static EndedException Lost { get; } = new(new ItemEnd(ItemStatus.Crashed) { IsLost = true });

    public static EndedException Crashed { get; } = new(new ItemEnd(ItemStatus.Crashed));
}
