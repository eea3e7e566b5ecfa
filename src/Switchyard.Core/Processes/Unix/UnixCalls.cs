using System.Runtime.InteropServices;

namespace Switchyard.Core.Processes.Unix;

/// <summary>The system calls of child processes. Each returns what the C function of its name returns; constants are the system's own.</summary>
internal static unsafe partial class UnixCalls
{
    public const int Interrupted = 4;
    public const int NoSuchEntry = 2;
    public const int NotPermitted = 13;
    public const int TooBig = 7;
    public const int NotExecutable = 8;
    public const int OutOfMemory = 12;
    public const int TooManyFilesInSystem = 23;
    public const int TooManyFiles = 24;
    public const int BrokenPipe = 32;

    public const int SigKill = 9;
    public const int SigPipe = 13;
    public const int SigTerm = 15;

    public const short PollIn = 1;
    public const short PollOut = 4;

    public const short SpawnSetGroup = 2;
    public const short SpawnSetDefaultSignals = 4;
    public const short SpawnSetSignalMask = 8;

    private const long LeastArgumentLimit = 4096;
    private const int LinuxPidFdOpen = 434;
    private const int LinuxCloseOnExec = 0x80000;
    private const int SetDescriptorFlags = 2;
    private const int SetStatusFlags = 4;
    private const int DuplicateLinux = 1030;
    private const int DuplicateMac = 67;
    private const int FirstOwnDescriptor = 3;

    /// <summary>The flag by which a child starts a session of its own.</summary>
    public static int SpawnSetSession => OperatingSystem.IsMacOS() ? 0x400 : 0x80;

    /// <summary>
    /// The flag by which a child has no descriptor but those that it is given. Where there is no call that makes a pipe which no child inherits,
    /// another thread's child would keep an end of it open, and a child that is fed would never see the end of its input.
    /// </summary>
    public static int SpawnCloseOthers => OperatingSystem.IsMacOS() ? 0x4000 : 0;

    /// <summary>EAGAIN: no process or room for now.</summary>
    public static int TryAgainLater => OperatingSystem.IsLinux() ? 11 : 35;

    /// <summary>Whether there is no room for now: of processes, memory or open files.</summary>
    public static bool IsShortage(int error) =>
        error == TryAgainLater || error is OutOfMemory or TooManyFiles or TooManyFilesInSystem;

    public static int SigContinue => OperatingSystem.IsLinux() ? 18 : 19;

    public static int Error => Marshal.GetLastPInvokeError();

    /// <summary>Makes a pipe whose ends no child inherits, neither of which is a standard stream.</summary>
    /// <returns>0, or -1.</returns>
    public static int OpenPipe(out int read, out int write)
    {
        int* ends = stackalloc int[2];
        bool isLinux = OperatingSystem.IsLinux();
        int result = isLinux ? Pipe2(ends, LinuxCloseOnExec) : Pipe(ends);
        read = ends[0];
        write = ends[1];
        if (result != 0)
        {
            return result;
        }

        if (!isLinux)
        {
            // Two calls where there is no pipe2: what the runtime starts on another thread in between inherits the ends.
            _ = Control(read, SetDescriptorFlags, 1);
            _ = Control(write, SetDescriptorFlags, 1);
        }

        read = MoveUp(read);
        write = MoveUp(write);
        return 0;
    }

    /// <summary>Makes another number for what a descriptor is, which no child inherits and which is no standard stream.</summary>
    /// <returns>It; -1 if there is none left.</returns>
    public static int Duplicate(int descriptor) => Control(descriptor, OperatingSystem.IsLinux() ? DuplicateLinux : DuplicateMac, FirstOwnDescriptor);

    /// <summary>Makes a descriptor another name for what one is.</summary>
    [LibraryImport("libc", EntryPoint = "dup2", SetLastError = true)]
    public static partial int Replace(int descriptor, int replaced);

    /// <summary>Makes a process the leader of a group; 0 for this one and its own.</summary>
    [LibraryImport("libc", EntryPoint = "setpgid", SetLastError = true)]
    public static partial int SetGroup(int pid, int group);

    /// <summary>Lets writes return instead of waiting for room.</summary>
    public static void SetNonBlocking(int descriptor) =>
        _ = Control(descriptor, SetStatusFlags, 1 | (OperatingSystem.IsLinux() ? 0x800 : 0x4));

    /// <summary>Opens what becomes readable when a process has exited.</summary>
    /// <returns>A descriptor; -1 where the system has none (Linux before 5.3, other systems).</returns>
    public static int OpenExit(int pid) => OperatingSystem.IsLinux() ? (int)SystemCall(LinuxPidFdOpen, pid, 0) : -1;

    /// <param name="pid">A process, or a group as a negative number.</param>
    /// <returns>0, or -1.</returns>
    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(PollEntry* entries, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int descriptor, byte* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int descriptor, byte* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "wait4", SetLastError = true)]
    public static partial int Wait4(int pid, int* status, int options, byte* usage);

    [LibraryImport("libc", EntryPoint = "waitid", SetLastError = true)]
    public static partial int WaitId(int kind, int pid, byte* info, int options);

    [LibraryImport("libc", EntryPoint = "posix_spawn")]
    public static partial int Spawn(int* pid, byte* path, void* actions, void* attributes, byte** arguments, byte** environment);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    public static partial int InitializeAttributes(void* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_destroy")]
    public static partial int DestroyAttributes(void* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    public static partial int SetFlags(void* attributes, short flags);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigdefault")]
    public static partial int SetDefaultSignals(void* attributes, void* signals);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigmask")]
    public static partial int SetSignalMask(void* attributes, void* signals);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    public static partial int InitializeActions(void* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    public static partial int DestroyActions(void* actions);

    /// <summary>How many bytes arguments and environment of a program may have together, with a pointer to each.</summary>
    public static long ReadArgumentLimit()
    {
        // _SC_ARG_MAX. Where it is not told, what POSIX demands at least is far below what any system has.
        long limit = GetLimit(OperatingSystem.IsLinux() ? 0 : 1);
        return limit > 0 ? limit : LeastArgumentLimit;
    }

    [LibraryImport("libc", EntryPoint = "sysconf")]
    private static partial nint GetLimit(int name);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    public static partial int AddDuplicate(void* actions, int from, int to);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addopen")]
    public static partial int AddOpen(void* actions, int descriptor, byte* path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addchdir_np")]
    public static partial int AddChangeFolder(void* actions, byte* path);

    [LibraryImport("libc", EntryPoint = "sigemptyset")]
    public static partial int EmptySignals(void* signals);

    [LibraryImport("libc", EntryPoint = "sigaddset")]
    public static partial int AddSignal(void* signals, int signal);

    // The standard streams of a process that was started without some of them are whatever it opens first.
    private static int MoveUp(int descriptor)
    {
        if (descriptor >= FirstOwnDescriptor)
        {
            return descriptor;
        }

        int moved = Duplicate(descriptor);
        _ = Close(descriptor);
        return moved;
    }

    [LibraryImport("libc", EntryPoint = "pipe2", SetLastError = true)]
    private static partial int Pipe2(int* ends, int flags);

    [LibraryImport("libc", EntryPoint = "pipe", SetLastError = true)]
    private static partial int Pipe(int* ends);

    // It takes any number of arguments, and on Apple's arm64 those without a name are on the stack, which begins behind eight registers. All
    // other systems find the third in its register, and look at none behind it.
    private static int Control(int descriptor, int command, nint argument) => Control(descriptor, command, argument, 0, 0, 0, 0, 0, argument);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(int descriptor, int command, nint argument, nint x3, nint x4, nint x5, nint x6, nint x7, nint onStack);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nint first, nint second);
}
