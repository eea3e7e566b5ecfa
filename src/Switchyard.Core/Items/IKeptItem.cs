namespace Switchyard.Core.Items;

/// <summary>What an item wrote in an earlier run, to be handed on in its place.</summary>
internal interface IKeptItem
{
    /// <summary>Hands it on, as of the item that has this index now.</summary>
    void WriteTo(long index, IResultSink sink);
}
