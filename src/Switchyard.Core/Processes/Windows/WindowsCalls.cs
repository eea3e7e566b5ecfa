using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Switchyard.Core.Processes.Windows;

/// <summary>The Windows calls of child processes. Each returns what the function of its name returns.</summary>
[SupportedOSPlatform("windows")]
internal static unsafe partial class WindowsCalls
{
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("kernel32", EntryPoint = "CreateJobObjectW")]
    public static partial nint CreateJob(nint attributes, nint name);

    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [LibraryImport("kernel32", EntryPoint = "AssignProcessToJobObject")]
    public static partial int Assign(SafeWaitHandle job, SafeProcessHandle process);

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
}
