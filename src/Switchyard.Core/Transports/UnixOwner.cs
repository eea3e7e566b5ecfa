using System.Runtime.InteropServices;

namespace Switchyard.Core.Transports;

/// <summary>Whose a file is. The superuser may read everybody's, and must not take another's for its own.</summary>
/// <remarks>statx(2): the same layout on every architecture, which stat(2) has not. Linux only; on other systems the folder's mode has to do.</remarks>
internal static partial class UnixOwner
{
    private const int CurrentFolder = -100;
    private const int DoNotFollow = 0x100;
    private const uint WantsUser = 0x8;
    private const int Length = 256;
    private const int UserOffset = 20;

    /// <summary>Whether it belongs to the user that this process runs as, also if it is a link.</summary>
    public static bool IsThisUser(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return true;
        }

        Span<byte> state = stackalloc byte[Length];
        try
        {
            return ReadState(CurrentFolder, path, DoNotFollow, WantsUser, state) == 0 && BitConverter.ToUInt32(state[UserOffset..]) == ThisUser();
        }
        catch (EntryPointNotFoundException)
        {
            // A C library from before 2018.
            return true;
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ReadState(int folder, string path, int flags, uint wanted, Span<byte> state);

    /// <summary>The user that this process runs as.</summary>
    [LibraryImport("libc", EntryPoint = "geteuid")]
    public static partial uint ThisUser();
}
