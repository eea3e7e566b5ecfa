using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Switchyard.Core.Processes.Windows;

/// <summary>The Windows calls of child processes. Each returns what the function of its name returns.</summary>
[SupportedOSPlatform("windows")]
internal static unsafe partial class WindowsCalls
{
    /// <summary>Flags of <see cref="CreateProcess"/>.</summary>
    public const uint CreateNewProcessGroup = 0x200;
    public const uint UnicodeEnvironment = 0x400;
    public const uint ExtendedStartupInfo = 0x80000;
    public const uint CreateNoWindow = 0x8000000;

    /// <summary>Flag of <see cref="StartupInfo"/>.</summary>
    public const uint UseStandardHandles = 0x100;

    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("kernel32", EntryPoint = "CreateJobObjectW")]
    public static partial nint CreateJob(nint attributes, nint name);

    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("kernel32", EntryPoint = "SetInformationJobObject")]
    public static partial int Set(SafeWaitHandle job, int kind, void* information, int size);

    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("kernel32", EntryPoint = "QueryInformationJobObject")]
    public static partial int Query(SafeWaitHandle job, int kind, void* information, int size, nint returned);

    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("kernel32", EntryPoint = "TerminateJobObject")]
    public static partial int Terminate(SafeWaitHandle job, uint exitCode);

    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("kernel32", EntryPoint = "GenerateConsoleCtrlEvent")]
    public static partial int SendConsoleEvent(uint what, uint group);

    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("kernel32", EntryPoint = "GetConsoleCP")]
    public static partial uint GetConsoleCodePage();

    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("kernel32", EntryPoint = "GetConsoleOutputCP")]
    public static partial uint GetConsoleOutputCodePage();

    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("kernel32", EntryPoint = "GetOEMCP")]
    public static partial uint GetOemCodePage();

    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("kernel32", EntryPoint = "CreateProcessW", SetLastError = true)]
    public static partial int CreateProcess(
        char* program,
        char* commandLine,
        nint processSecurity,
        nint threadSecurity,
        int inheritsHandles,
        uint flags,
        char* environment,
        char* folder,
        StartupInfo* info,
        ProcessInformation* started);

    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("kernel32", EntryPoint = "InitializeProcThreadAttributeList", SetLastError = true)]
    public static partial int InitializeAttributes(nint list, int count, uint flags, nuint* size);

    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("kernel32", EntryPoint = "UpdateProcThreadAttribute", SetLastError = true)]
    public static partial int UpdateAttribute(nint list, uint flags, nuint attribute, void* value, nint size, nint previous, nint returned);

    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("kernel32", EntryPoint = "DeleteProcThreadAttributeList")]
    public static partial void DeleteAttributes(nint list);

    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("kernel32", EntryPoint = "CreatePipe", SetLastError = true)]
    public static partial int CreatePipe(out nint read, out nint write, nint security, uint size);

    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("kernel32", EntryPoint = "SetHandleInformation", SetLastError = true)]
    public static partial int SetHandleFlags(nint handle, uint mask, uint flags);

    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("kernel32", EntryPoint = "DuplicateHandle", SetLastError = true)]
    public static partial int Duplicate(
        nint sourceProcess, nint source, nint targetProcess, out nint target, uint access, int inherits, uint options);

    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("kernel32", EntryPoint = "GetStdHandle")]
    public static partial nint GetStandardHandle(int which);

    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("kernel32", EntryPoint = "SetStdHandle", SetLastError = true)]
    public static partial int SetStandardHandle(int which, nint handle);

    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("kernel32", EntryPoint = "GetCurrentProcess")]
    public static partial nint GetCurrentProcess();

    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("kernel32", EntryPoint = "CloseHandle")]
    public static partial int CloseHandle(nint handle);

    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("kernel32", EntryPoint = "WaitForSingleObject")]
    public static partial uint Wait(SafeProcessHandle process, uint milliseconds);

    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("kernel32", EntryPoint = "GetExitCodeProcess")]
    public static partial int GetExitCode(SafeProcessHandle process, out uint code);

    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("kernel32", EntryPoint = "GetProcessTimes")]
    public static partial int GetTimes(SafeProcessHandle process, out long creation, out long exit, out long kernel, out long user);

    /// <summary>STARTUPINFOEXW.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct StartupInfo
    {
        public uint Size;
        public nint Reserved;
        public nint Desktop;
        public nint Title;
        public uint X;
        public uint Y;
        public uint Width;
        public uint Height;
        public uint WidthInCharacters;
        public uint HeightInCharacters;
        public uint Fill;
        public uint Flags;
        public ushort Show;
        public ushort ReservedSize;
        public nint ReservedBytes;
        public nint Input;
        public nint Output;
        public nint Error;
        public nint Attributes;
    }

    /// <summary>PROCESS_INFORMATION.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct ProcessInformation
    {
        public nint Process;
        public nint Thread;
        public uint ProcessId;
        public uint ThreadId;
    }
}
