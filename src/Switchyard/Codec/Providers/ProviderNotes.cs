using Switchyard.Engine;

namespace Switchyard.Codec.Providers;

/// <summary>
/// The properties that the file system provider adds to what <c>Get-ChildItem</c> and <c>Get-Item</c> write. They follow from the path
/// and the drive, so only these travel.
/// </summary>
internal static class ProviderNotes
{
    private const string Path = "PSPath";
    private const string ParentPath = "PSParentPath";
    private const string ChildName = "PSChildName";
    private const string Drive = "PSDrive";
    private const string Provider = "PSProvider";
    private const string IsContainer = "PSIsContainer";
    private const string Qualifier = @"Microsoft.PowerShell.Core\FileSystem::";
    private const string ProviderName = @"Microsoft.PowerShell.Core\FileSystem";

    // Those that every file has, and on Unix one more.
    private const int Least = 6;
    private const string UnixStat = "UnixStat";

    private static readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase) { Path, ParentPath, ChildName, Drive, Provider, IsContainer, UnixStat };
    private static readonly Func<FileSystemInfo, object?> _path = file => Qualifier + file.FullName;
    private static readonly Func<FileSystemInfo, object?> _parentPath = file => Qualifier + ParentOf(file);
    private static readonly Func<FileSystemInfo, object?> _childName = file => file.Name;
    private static readonly Func<FileSystemInfo, object?> _unixStat = file => EngineFiles.UnixStat(file.FullName);

    static ProviderNotes()
    {
        foreach (string name in new[] { Path, ParentPath, ChildName, Drive, Provider, IsContainer, UnixStat })
        {
            InstanceMembers.Announce(name);
        }
    }

    /// <summary>Whether there are as many properties as the provider adds.</summary>
    public static bool AreEnough(int count) => count >= Least;

    /// <summary>Whether a property is called as one of the provider's.</summary>
    public static bool IsOne(PSMemberInfo member) => _names.Contains(member.Name);

    /// <summary>Looks whether those properties are there, with the values that they would be given again.</summary>
    /// <param name="drive">Name of the drive; null if there is none.</param>
    /// <param name="others">How many there are besides.</param>
    public static bool TryFind(IEnumerable<PSMemberInfo> members, FileSystemInfo file, out string? drive, out bool hasStat, out int others)
    {
        int found = 0;
        others = 0;
        drive = null;
        hasStat = false;
        foreach (PSMemberInfo member in members)
        {
            if (member.Name == UnixStat)
            {
                // Read again at the other end, from the same file, if it is asked for.
                hasStat = true;
                continue;
            }

            object? value = member is PSNoteProperty ? member.Value : null;
            bool isUsual = member.Name switch
            {
                Path => value is string path && IsQualified(path, file.FullName),
                ParentPath => value is string parent && ParentOf(file) is { } folder && IsQualified(parent, folder),
                ChildName => value is string name && name == file.Name,
                Drive => value is null or PSDriveInfo,
                Provider => value is ProviderInfo,
                IsContainer => value is bool isFolder && isFolder == file is DirectoryInfo,
                _ => false,
            };
            if (!isUsual)
            {
                if (IsOne(member))
                {
                    return false;
                }

                others += InstanceMembers.IsOfEngine(member) ? 0 : 1;
                continue;
            }

            found++;
            drive = value is PSDriveInfo info ? info.Name : drive;
        }

        return found == Least;
    }

    /// <summary>Gives a file or folder its properties.</summary>
    /// <param name="drive">Name of the drive; null if there was none.</param>
    public static PSObject Add(FileSystemInfo file, string? drive, bool hasStat, ProviderObjects providers)
    {
        PSObject value = new(file);
        ProviderNote path = new(Path, file, _path);
        ProviderNote parent = new(ParentPath, file, _parentPath);
        ProviderNote name = new(ChildName, file, _childName);

        // Where the session is not there yet, it is when someone looks.
        PSNoteProperty ofDrive = providers.IsEmpty
            ? new ProviderNote(Drive, file, _ => ProviderObjects.OfRunningSession().Drive(drive))
            : new PSNoteProperty(Drive, providers.Drive(drive));
        PSNoteProperty provider = providers.IsEmpty
            ? new ProviderNote(Provider, file, _ => ProviderObjects.OfRunningSession().Provider(ProviderName))
            : new PSNoteProperty(Provider, providers.Provider(ProviderName));
        PSNoteProperty isContainer = new(IsContainer, file is DirectoryInfo);
        if (hasStat)
        {
            InstanceMembers.Attach(value, path, parent, name, new ProviderNote(UnixStat, file, _unixStat), ofDrive, provider, isContainer);
        }
        else
        {
            InstanceMembers.Attach(value, path, parent, name, ofDrive, provider, isContainer);
        }

        if (providers.IsEmpty)
        {
            // These are few, and of a variable's value the wrapper is easily lost.
            InstanceMembers.Bare(value);
        }

        return value;
    }

    private static bool IsQualified(string text, string path) =>
        text.Length == Qualifier.Length + path.Length
        && text.StartsWith(Qualifier, StringComparison.Ordinal)
        && text.AsSpan(Qualifier.Length).SequenceEqual(path);

    private static string? ParentOf(FileSystemInfo file) => System.IO.Path.GetDirectoryName(file.FullName);
}
