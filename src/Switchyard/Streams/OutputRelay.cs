using System.Collections.ObjectModel;
using Switchyard.Engine;

namespace Switchyard.Streams;

/// <summary>
/// The output of a running pipeline, which keeps nothing: each object is handed on the moment it is written, on the thread that
/// writes it. So the item that it belongs to is known.
/// </summary>
internal sealed class OutputRelay : Collection<PSObject>
{
    private readonly IItemSink? _sink;

    /// <summary>Creates a relay.</summary>
    /// <param name="sink">Where the output goes; null to drop it.</param>
    public OutputRelay(IItemSink? sink) => _sink = sink;

    protected override void InsertItem(int index, PSObject item) => _sink?.Write(RecordKind.Output, EnginePipelines.WithoutBareWrapper(item));
}
