using System.Management.Automation;

namespace Switchyard.Host.Hosting;

/// <summary>A stream of the engine that the host has shown already: kept as well, it would grow for as long as the script runs.</summary>
internal sealed class DiscardedStream<T> : PSDataCollection<T>
{
    protected override void InsertItem(Guid psInstanceId, int index, T item)
    {
    }
}
