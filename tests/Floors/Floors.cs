using ArchUnitNET.Domain;
using ArchUnitNET.Loader;

namespace Switchyard.Architecture;

/// <summary>An assembly's folders, floor by floor from the ground up. What a folder uses must stand on a floor below its own.</summary>
/// <param name="root">The namespace above the folders. What stands in it belongs to no folder and may be used by all, unless <see cref="InRoot"/> says where it belongs.</param>
/// <param name="floors">The folders of each floor, without <paramref name="root"/>. A folder has those below it that are not listed themselves.</param>
internal sealed class Floors(string root, params string[][] floors)
{
    /// <summary>The folders of types whose namespace is the root, by the types' names: what users see has a shorter name than its folder.</summary>
    public IReadOnlyDictionary<string, string> InRoot { get; init; } = new Dictionary<string, string>();

    /// <summary>Lists what the compiled types do that the table forbids: each arrow that does not point down, each folder that is missing on either side.</summary>
    public IReadOnlyList<string> FindViolations(System.Reflection.Assembly assembly)
    {
        IType[] types = [.. new ArchLoader().LoadAssembly(assembly).Build().Types.Where(type => NameOf(type) is not null)];
        HashSet<string> namespaces = [.. types.Select(type => NameOf(type)!)];
        IEnumerable<string> unlisted = namespaces.Where(name => FolderOf(name) is null).Select(name => $"{name} is in no floor");
        IEnumerable<string> empty = floors.SelectMany(folders => folders)
            .Where(folder => !namespaces.Any(name => FolderOf(name) == folder))
            .Select(folder => $"{folder} is empty");
        HashSet<string> own = [.. types.Select(type => type.FullName)];
        IEnumerable<string> arrows =
            from type in types
            from dependency in type.Dependencies
            let target = dependency.Target
            where own.Contains(target.FullName)
            let user = FolderOf(NameOf(type)!)
            let used = FolderOf(NameOf(target)!)
            where user is not null && used is not null && user != used && FloorOf(used) >= FloorOf(user)
            select $"{user} ({FloorOf(user)}) uses {used} ({FloorOf(used)}): {type.Name} -> {target.Name}";
        return [.. unlisted.Concat(empty).Concat(arrows).Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>Draws the floors, the topmost first, as the document shows them.</summary>
    public string Draw() =>
        string.Join('\n', floors.Select((folders, floor) => $"{floor + 1}   {string.Join("   ", folders)}").Reverse());

    /// <summary>A type's namespace below the root; null for the root itself and for what a compiler puts elsewhere.</summary>
    private string? NameOf(IType type)
    {
        string name = type.Namespace.FullName;
        return name.StartsWith(root + ".", StringComparison.Ordinal) ? name[(root.Length + 1)..]
            : name == root ? InRoot.GetValueOrDefault(type.FullName[(root.Length + 1)..].Split('+', '/')[0])
            : null;
    }

    private string? FolderOf(string name) =>
        floors.SelectMany(folders => folders)
            .Where(folder => name == folder || name.StartsWith(folder + ".", StringComparison.Ordinal))
            .MaxBy(folder => folder.Length);

    private int FloorOf(string folder) => Array.FindIndex(floors, folders => folders.Contains(folder)) + 1;
}
