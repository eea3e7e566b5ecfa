namespace Switchyard.Core.RemoteWorkers.Client;

/// <summary>A worker has said that its machine has no space for the files of an item. It is as good as lost, and so is the machine for a while.</summary>
internal sealed class MachineFullException() : IOException(Messages.MachineFull);
