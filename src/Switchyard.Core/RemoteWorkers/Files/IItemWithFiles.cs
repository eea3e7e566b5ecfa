namespace Switchyard.Core.RemoteWorkers.Files;

/// <summary>An item that takes files along.</summary>
internal interface IItemWithFiles
{
    /// <summary>Them; null if there are none.</summary>
    ItemFiles? Files { get; }
}
