using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Provider;

namespace Microsoft.PowerShell.Commands;

/// <summary>The provider interface of the engine as its own cmdlets call it: with a <see cref="ProviderContext"/>.</summary>
internal static class ProviderCalls
{
    private static readonly Type Context = ProviderContext.Type;
    private static readonly HiddenMethod ItemGet = Item("Get", typeof(string));
    private static readonly HiddenMethod ItemSet = Item("Set", typeof(string), typeof(object));
    private static readonly HiddenMethod ItemClear = Item("Clear", typeof(string));
    private static readonly HiddenMethod ItemNew = Item("New", typeof(string), typeof(string), typeof(string), typeof(object));
    private static readonly HiddenMethod ItemRemove = Item("Remove", typeof(string), typeof(bool));
    private static readonly HiddenMethod ItemCopy = Item("Copy", typeof(string), typeof(string), typeof(bool), typeof(CopyContainers));
    private static readonly HiddenMethod ItemMove = Item("Move", typeof(string), typeof(string));
    private static readonly HiddenMethod ItemRename = Item("Rename", typeof(string), typeof(string));
    private static readonly HiddenMethod ItemExists = Item("Exists", typeof(string));
    private static readonly HiddenMethod ItemIsContainer = Item("IsContainer", typeof(string));
    private static readonly HiddenMethod ChildGet = Child("Get", typeof(string), typeof(bool), typeof(uint));
    private static readonly HiddenMethod ChildNames = Child("GetNames", typeof(string), typeof(ReturnContainers), typeof(bool), typeof(uint));
    private static readonly HiddenMethod ChildAny = Child("HasChild", typeof(string));
    private static readonly HiddenMethod ContentReader = Content("GetReader", typeof(string));
    private static readonly HiddenMethod ContentWriter = Content("GetWriter", typeof(string));
    private static readonly HiddenMethod ContentClear = Content("Clear", typeof(string));
    private static readonly HiddenMethod PathResolve = PathMethod("GetResolvedPSPathFromPSPath", typeof(string));
    private static readonly HiddenMethod PathCombine = PathMethod("Combine", typeof(string), typeof(string));
    private static readonly HiddenMethod PathSet = new(typeof(PathIntrinsics), "SetLocation", typeof(string), Context, typeof(bool));
    private static readonly HiddenMethod DriveNew = new(typeof(DriveManagementIntrinsics), "New", typeof(PSDriveInfo), typeof(string), Context);
    private static readonly HiddenMethod DriveRemove =
        new(typeof(DriveManagementIntrinsics), "Remove", typeof(string), typeof(bool), typeof(string), Context);

    public static void Get(this ItemCmdletProviderIntrinsics items, string path, ProviderContext context)
        => ItemGet.Invoke(items, path, context.Value);

    public static void Set(this ItemCmdletProviderIntrinsics items, string path, object? value, ProviderContext context)
        => ItemSet.Invoke(items, path, value, context.Value);

    public static void Clear(this ItemCmdletProviderIntrinsics items, string path, ProviderContext context)
        => ItemClear.Invoke(items, path, context.Value);

    public static void New(this ItemCmdletProviderIntrinsics items, string path, string? name, string? type, object? content, ProviderContext context)
        => ItemNew.Invoke(items, path, name, type, content, context.Value);

    public static void Remove(this ItemCmdletProviderIntrinsics items, string path, bool recurse, ProviderContext context)
        => ItemRemove.Invoke(items, path, recurse, context.Value);

    public static void Copy(
        this ItemCmdletProviderIntrinsics items, string path, string destination, bool recurse, CopyContainers containers, ProviderContext context)
        => ItemCopy.Invoke(items, path, destination, recurse, containers, context.Value);

    public static void Move(this ItemCmdletProviderIntrinsics items, string path, string destination, ProviderContext context)
        => ItemMove.Invoke(items, path, destination, context.Value);

    public static void Rename(this ItemCmdletProviderIntrinsics items, string path, string newName, ProviderContext context)
        => ItemRename.Invoke(items, path, newName, context.Value);

    public static bool Exists(this ItemCmdletProviderIntrinsics items, string path, ProviderContext context)
        => (bool)ItemExists.Invoke(items, path, context.Value)!;

    public static bool IsContainer(this ItemCmdletProviderIntrinsics items, string path, ProviderContext context)
        => (bool)ItemIsContainer.Invoke(items, path, context.Value)!;

    public static void Get(this ChildItemCmdletProviderIntrinsics items, string path, bool recurse, uint depth, ProviderContext context)
        => ChildGet.Invoke(items, path, recurse, depth, context.Value);

    public static void GetNames(this ChildItemCmdletProviderIntrinsics items, string path, bool recurse, uint depth, ProviderContext context)
        => ChildNames.Invoke(items, path, ReturnContainers.ReturnMatchingContainers, recurse, depth, context.Value);

    public static bool HasChild(this ChildItemCmdletProviderIntrinsics items, string path, ProviderContext context)
        => (bool)ChildAny.Invoke(items, path, context.Value)!;

    public static Collection<IContentReader> GetReader(this ContentCmdletProviderIntrinsics content, string path, ProviderContext context)
        => (Collection<IContentReader>)ContentReader.Invoke(content, path, context.Value)!;

    public static Collection<IContentWriter> GetWriter(this ContentCmdletProviderIntrinsics content, string path, ProviderContext context)
        => (Collection<IContentWriter>)ContentWriter.Invoke(content, path, context.Value)!;

    public static void Clear(this ContentCmdletProviderIntrinsics content, string path, ProviderContext context)
        => ContentClear.Invoke(content, path, context.Value);

    public static Collection<PathInfo> Resolve(this PathIntrinsics paths, string path, ProviderContext context)
        => (Collection<PathInfo>)PathResolve.Invoke(paths, path, context.Value)!;

    public static string Combine(this PathIntrinsics paths, string parent, string child, ProviderContext context)
        => (string)PathCombine.Invoke(paths, parent, child, context.Value)!;

    public static PathInfo SetLocation(this PathIntrinsics paths, string path, ProviderContext context, bool literal)
        => (PathInfo)PathSet.Invoke(paths, path, context.Value, literal)!;

    public static void New(this DriveManagementIntrinsics drives, PSDriveInfo drive, string? scope, ProviderContext context)
        => DriveNew.Invoke(drives, drive, scope, context.Value);

    public static void Remove(this DriveManagementIntrinsics drives, string name, bool force, string? scope, ProviderContext context)
        => DriveRemove.Invoke(drives, name, force, scope, context.Value);

    private static HiddenMethod Item(string name, params Type[] parameters)
        => new(typeof(ItemCmdletProviderIntrinsics), name, [.. parameters, Context]);

    private static HiddenMethod Child(string name, params Type[] parameters)
        => new(typeof(ChildItemCmdletProviderIntrinsics), name, [.. parameters, Context]);

    private static HiddenMethod Content(string name, params Type[] parameters)
        => new(typeof(ContentCmdletProviderIntrinsics), name, [.. parameters, Context]);

    private static HiddenMethod PathMethod(string name, params Type[] parameters)
        => new(typeof(PathIntrinsics), name, [.. parameters, Context]);
}
