using System.Runtime.InteropServices;
using Switchyard.Core.Gauges;
using Switchyard.Core.Gauges.Kernel;

namespace Switchyard.Core.Probes;

/// <summary>
/// Linux: what the runtime tells, <c>schedstat</c> of the thread (time on and waiting for a core, in nanoseconds), <c>/proc/self/io</c>, and
/// <c>getrusage</c> of thread and children.
/// </summary>
/// <remarks>Formats: proc_pid_schedstat in the kernel's documentation of sched-stats, proc_pid_io(5), getrusage(2).</remarks>
internal sealed partial class LinuxWorkProbe : IWorkProbe
{
    private const int OfThread = 1;
    private const int OfChildren = -1;

    private readonly ThreadSchedule _schedule = new();
    private readonly KernelFile? _io = KernelFile.TryOpen("/proc/self/io");
    private readonly byte[] _buffer = new byte[512];

    public WorkReading Read()
    {
        GetUsage(OfThread, out Usage thread);
        GetUsage(OfChildren, out Usage children);
        string io = _io is null ? string.Empty : Encoding.ASCII.GetString(_io.Read(_buffer));
        return RuntimeWorkProbe.ReadRuntime() with
        {
            RunQueue = _schedule.Read().Waiting,
            ChildCpu = children.Cpu,
            ReadBytes = KernelText.FindNumber(io, "read_bytes") ?? 0,
            WrittenBytes = KernelText.FindNumber(io, "write_bytes") ?? 0,
            CallBytes = KernelText.FindNumber(io, "rchar"),
            VoluntarySwitches = thread.VoluntarySwitches,
            InvoluntarySwitches = thread.InvoluntarySwitches,
        };
    }

    public void Dispose()
    {
        _schedule.Dispose();
        _io?.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "getrusage")]
    private static partial int GetUsage(int who, out Usage usage);

    [StructLayout(LayoutKind.Sequential)]
    private struct Usage
    {
        public nint UserSeconds;
        public nint UserMicroseconds;
        public nint SystemSeconds;
        public nint SystemMicroseconds;
        public nint MaxResident;
        public nint SharedText;
        public nint UnsharedData;
        public nint UnsharedStack;
        public nint MinorFaults;
        public nint MajorFaults;
        public nint Swaps;
        public nint BlocksRead;
        public nint BlocksWritten;
        public nint MessagesSent;
        public nint MessagesReceived;
        public nint Signals;
        public nint VoluntarySwitches;
        public nint InvoluntarySwitches;

        public readonly TimeSpan Cpu =>
            TimeSpan.FromSeconds(UserSeconds + SystemSeconds) + TimeSpan.FromMicroseconds(UserMicroseconds + SystemMicroseconds);
    }
}
