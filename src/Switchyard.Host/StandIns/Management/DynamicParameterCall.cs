using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>Asks a provider for the parameters that it adds to a command, such as -File of Get-ChildItem.</summary>
internal static class DynamicParameterCall
{
    private static readonly Type Context = ProviderContext.Type;
    private static readonly HiddenMethod GetItem =
        new(typeof(ItemCmdletProviderIntrinsics), "GetItemDynamicParameters", typeof(string), Context);

    private static readonly HiddenMethod GetChildItems =
        new(typeof(ChildItemCmdletProviderIntrinsics), "GetChildItemsDynamicParameters", typeof(string), typeof(bool), Context);

    private static readonly HiddenMethod GetReader =
        new(typeof(ContentCmdletProviderIntrinsics), "GetContentReaderDynamicParameters", typeof(string), Context);

    private static readonly HiddenMethod GetWriter =
        new(typeof(ContentCmdletProviderIntrinsics), "GetContentWriterDynamicParameters", typeof(string), Context);

    private static readonly HiddenMethod GetRemove =
        new(typeof(ItemCmdletProviderIntrinsics), "RemoveItemDynamicParameters", typeof(string), typeof(bool), Context);

    private static readonly HiddenMethod GetExists =
        new(typeof(ItemCmdletProviderIntrinsics), "ItemExistsDynamicParameters", typeof(string), Context);

    public static object? ForItem(PSCmdlet command, string path, ProviderContext context)
        => GetItem.Invoke(command.InvokeProvider.Item, path, context.Value);

    public static object? ForChildItems(PSCmdlet command, string path, bool recurse, ProviderContext context)
        => GetChildItems.Invoke(command.InvokeProvider.ChildItem, path, recurse, context.Value);

    public static object? ForReader(PSCmdlet command, string path, ProviderContext context)
        => GetReader.Invoke(command.InvokeProvider.Content, path, context.Value);

    public static object? ForWriter(PSCmdlet command, string path, ProviderContext context)
        => GetWriter.Invoke(command.InvokeProvider.Content, path, context.Value);

    public static object? ForRemove(PSCmdlet command, string path, bool recurse, ProviderContext context)
        => GetRemove.Invoke(command.InvokeProvider.Item, path, recurse, context.Value);

    public static object? ForTestPath(PSCmdlet command, string path, ProviderContext context)
        => GetExists.Invoke(command.InvokeProvider.Item, path, context.Value);
}
