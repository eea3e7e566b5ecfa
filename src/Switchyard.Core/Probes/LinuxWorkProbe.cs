using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Switchyard.Core.Gauges;

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

    private readonly SafeFileHandle? _scheduling = Open("/proc/thread-self/schedstat");
    private readonly SafeFileHandle? _io = Open("/proc/self/io");
    private readonly byte[] _buffer = new byte[512];

    public WorkReading Read()
    {
        GetUsage(OfThread, out Usage thread);
        GetUsage(OfChildren, out Usage children);
        string io = ReadText(_io);
        return RuntimeWorkProbe.ReadRuntime() with
        {
            RunQueue = KernelText.ParseScheduling(ReadText(_scheduling))?.Waiting ?? TimeSpan.Zero,
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
        _scheduling?.Dispose();
        _io?.Dispose();
    }

    private static SafeFileHandle? Open(string path)
    {
        try
        {
            return File.OpenHandle(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A kernel without scheduler statistics, or a sandbox: then it is not told, and counts as nothing.
            return null;
        }
    }

    // The kernel writes the text anew for each read from the beginning.
    private string ReadText(SafeFileHandle? file)
    {
        int length = file is null ? 0 : RandomAccess.Read(file, _buffer, 0);
        return Encoding.ASCII.GetString(_buffer, 0, length);
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
