using System.Management.Automation;
using System.Management.Automation.Provider;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for Set-Content.</summary>
[Cmdlet(VerbsCommon.Set, "Content", DefaultParameterSetName = PathSet, SupportsShouldProcess = true)]
public sealed class SetContentCommand : WriteContentCommandBase
{
    private protected override bool ShouldWrite(string path) => ShouldProcess($"Path: {path}", "Set Content");

    private protected override IEnumerable<IContentWriter> Open(string path)
    {
        // A file that is not there yet needs no clearing, and must not be an error.
        if (InvokeProvider.Item.Exists(path, CreateContext()))
        {
            InvokeProvider.Content.Clear(path, CreateContext());
        }

        return InvokeProvider.Content.GetWriter(path, CreateContext());
    }
}
