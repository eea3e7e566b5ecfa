using System.Collections.ObjectModel;
using System.Management.Automation;

namespace Switchyard.Streams;

/// <summary>
/// The output of a running pipeline, which keeps nothing: each object is handed on the moment it is written, on the thread that
/// writes it. So the item that it belongs to is known.
/// </summary>
internal sealed class OutputRelay : Collection<PSObject?>
{
    private readonly Action<PSObject?> _handOn;

    public OutputRelay(Action<PSObject?> handOn) => _handOn = handOn;

    /// <inheritdoc/>
    protected override void InsertItem(int index, PSObject? item) => _handOn(item);
}
