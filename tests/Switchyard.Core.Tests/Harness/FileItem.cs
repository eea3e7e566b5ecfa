using Switchyard.Core.RemoteWorkers.Files;

namespace Switchyard.Core.Harness;

/// <summary>An item that takes files along.</summary>
internal sealed record FileItem(int Value, ItemFiles? Files) : IItemWithFiles;
