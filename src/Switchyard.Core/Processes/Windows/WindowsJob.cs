using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Switchyard.Core.Processes.Windows;

/// <summary>A job object for one child and all that it starts. Should this process die, the system ends them.</summary>
[SupportedOSPlatform("windows")]
internal sealed class WindowsJob : IDisposable
{
    private const uint KillOnClose = 0x2000;
    private const uint KilledExitCode = uint.MaxValue;

    private readonly SafeWaitHandle _job;

    private WindowsJob(SafeWaitHandle job) => _job = job;

    /// <summary>What a program is started in it with. Open as long as the job is.</summary>
    public nint Handle => _job.DangerousGetHandle();

    /// <returns>The job, which is empty; null if the system does not allow one.</returns>
    public static WindowsJob? TryCreate()
    {
        SafeWaitHandle handle = new(WindowsCalls.CreateJob(0, 0), ownsHandle: true);
        WindowsJob job = new(handle);
        if (!handle.IsInvalid && job.SetLimits(KillOnClose))
        {
            return job;
        }

        handle.Dispose();
        return null;
    }

    public void Terminate() => _ = WindowsCalls.Terminate(_job, KilledExitCode);

    public unsafe bool TryRead(out int active, out TimeSpan cpuTime)
    {
        JobAccount account = default;
        bool isRead = WindowsCalls.Query(_job, JobAccount.Class, &account, sizeof(JobAccount), 0) != 0;
        active = (int)account.ActiveProcesses;
        cpuTime = TimeSpan.FromTicks(account.UserTime + account.KernelTime);
        return isRead;
    }

    /// <summary>Lets go of the processes in it; those that are alive live on.</summary>
    public void Dispose()
    {
        if (!_job.IsClosed)
        {
            SetLimits(0);
            _job.Dispose();
        }
    }

    private unsafe bool SetLimits(uint flags)
    {
        JobLimits limits = new() { Flags = flags };
        return WindowsCalls.Set(_job, JobLimits.Class, &limits, sizeof(JobLimits)) != 0;
    }

    // JOBOBJECT_BASIC_ACCOUNTING_INFORMATION.
    [StructLayout(LayoutKind.Sequential)]
    private struct JobAccount
    {
        public const int Class = 1;

        public long UserTime;
        public long KernelTime;
        public long PeriodUserTime;
        public long PeriodKernelTime;
        public uint PageFaults;
        public uint TotalProcesses;
        public uint ActiveProcesses;
        public uint TerminatedProcesses;
    }

    // JOBOBJECT_EXTENDED_LIMIT_INFORMATION.
    [StructLayout(LayoutKind.Sequential)]
    private struct JobLimits
    {
        public const int Class = 9;

        public long ProcessTime;
        public long JobTime;
        public uint Flags;
        public nuint MinWorkingSet;
        public nuint MaxWorkingSet;
        public uint ActiveProcesses;
        public nuint Affinity;
        public uint Priority;
        public uint Scheduling;
        public IoCounters Io;
        public nuint ProcessMemory;
        public nuint JobMemory;
        public nuint PeakProcessMemory;
        public nuint PeakJobMemory;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct IoCounters
    {
        public ulong ReadOperations;
        public ulong WriteOperations;
        public ulong OtherOperations;
        public ulong ReadBytes;
        public ulong WriteBytes;
        public ulong OtherBytes;
    }
}
