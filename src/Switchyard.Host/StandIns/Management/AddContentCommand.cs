using System.Management.Automation;
using System.Management.Automation.Provider;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for Add-Content.</summary>
[Cmdlet(VerbsCommon.Add, "Content", DefaultParameterSetName = PathSet, SupportsShouldProcess = true)]
public sealed class AddContentCommand : WriteContentCommandBase
{
    private protected override bool ShouldWrite(string path) => ShouldProcess($"Path: {path}", "Add Content");

    private protected override IEnumerable<IContentWriter> Open(string path)
    {
        foreach (IContentWriter writer in InvokeProvider.Content.GetWriter(path, CreateContext()))
        {
            writer.Seek(0, SeekOrigin.End);
            yield return writer;
        }
    }
}
