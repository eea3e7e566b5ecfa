namespace Switchyard.Core.Processes.Unix;

/// <summary>How children of this process end, by <c>wait4</c> and <c>waitid</c>.</summary>
internal static unsafe class UnixExit
{
    private const int ProcessId = 1;
    private const int SignalMask = 0x7F;

    // More than any system's types need: rusage has 144 bytes, siginfo_t 128.
    private const int BufferSize = 512;

    private const int SigTtyIn = 21;
    private const int SigTtyOut = 22;

    // WSTOPPED, WNOHANG and WNOWAIT.
    private static int StoppedOnly => OperatingSystem.IsLinux() ? 0x0100_0003 : 0x29;

    // Of si_status in siginfo_t.
    private static int StatusOffset => OperatingSystem.IsLinux() ? 24 : 20;

    // WEXITED, WNOHANG and WNOWAIT.
    private static int PollOnly => OperatingSystem.IsLinux() ? 0x0100_0005 : 0x25;

    /// <summary>Waits for a child's end, after which its id may be another's.</summary>
    /// <returns>How it ended; with exit code -1 if it was waited for elsewhere, and cannot be known any more.</returns>
    public static ExitReason Await(int pid)
    {
        int status;
        byte* usage = stackalloc byte[BufferSize];
        int result;
        do
        {
            result = UnixCalls.Wait4(pid, &status, 0, usage);
        }
        while (result < 0 && UnixCalls.Error == UnixCalls.Interrupted);

        if (result < 0)
        {
            // As the runtime does for all children where SIGCHLD was ignored when it started.
            return new ExitReason(-1);
        }

        // struct rusage begins with the time in user mode and the time in the kernel.
        TimeSpan cpu = ReadTime(usage) + ReadTime(usage + (2 * sizeof(nint)));
        int signal = status & SignalMask;
        return signal == 0 ? new ExitReason((status >> 8) & 0xFF) { CpuTime = cpu } : ExitReason.FromSignal(signal, cpu);
    }

    /// <summary>Looks whether a child has exited, and leaves it as it is.</summary>
    public static bool HasCome(int pid)
    {
        byte* info = stackalloc byte[BufferSize];
        new Span<byte>(info, BufferSize).Clear();

        // The signal's number, which stands first, stays 0 if nothing is to be told. Not found: it was waited for elsewhere.
        return UnixCalls.WaitId(ProcessId, pid, info, PollOnly) != 0 || *(int*)info != 0;
    }

    /// <summary>Looks whether a child was stopped by using a terminal whose foreground it is not in, and leaves it as it is.</summary>
    public static bool IsStoppedByTerminal(int pid)
    {
        byte* info = stackalloc byte[BufferSize];
        new Span<byte>(info, BufferSize).Clear();
        return UnixCalls.WaitId(ProcessId, pid, info, StoppedOnly) == 0 && *(int*)info != 0 && *(int*)(info + StatusOffset) is SigTtyIn or SigTtyOut;
    }

    // struct timeval: a long of seconds, then an int or a long of microseconds, whose low half holds them all.
    private static TimeSpan ReadTime(byte* time) =>
        TimeSpan.FromSeconds(*(nint*)time) + TimeSpan.FromMicroseconds(*(int*)(time + sizeof(nint)));
}
