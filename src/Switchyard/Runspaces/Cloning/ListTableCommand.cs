namespace Switchyard.Runspaces.Cloning;

/// <summary>
/// Lists functions, aliases or variables through their provider, from within the session: from outside it tells nothing while the session runs something.
/// </summary>
[Cmdlet(VerbsCommon.Get, "SessionTable")]
internal sealed class ListTableCommand : PSCmdlet
{
    [Parameter(Mandatory = true)]
    public string Path { get; set; } = string.Empty;

    protected override void EndProcessing()
    {
        foreach (PSObject item in InvokeProvider.ChildItem.Get(Path, recurse: false))
        {
            WriteObject(item);
        }
    }
}
