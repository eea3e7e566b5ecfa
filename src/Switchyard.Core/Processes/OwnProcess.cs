using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;
using Switchyard.Core.Processes.Pipes;
using Switchyard.Core.Processes.Unix;
using Switchyard.Core.Processes.Windows;

namespace Switchyard.Core.Processes;

/// <summary>Ends this very process, without letting anything of it have its way first.</summary>
internal static class OwnProcess
{
    private const int StandardInput = -10;
    private const int StandardOutput = -11;
    private const int StandardError = -12;
    private const uint SameAccess = 2;

    public static void Kill()
    {
        using Process own = Process.GetCurrentProcess();
        own.Kill();
    }

    /// <summary>Makes this process the leader of a group of its own, which ends with it.</summary>
    public static void LeadGroup()
    {
        if (!OperatingSystem.IsWindows())
        {
            // It fails where it leads a whole session, and so a group, already.
            _ = UnixCalls.SetGroup(0, 0);
        }
    }

    /// <summary>
    /// Takes this process's standard input and output for itself, as one stream. What code of this process and its children find there is nothing to
    /// read, and standard error to write to: a byte more or less would break what is carried.
    /// </summary>
    /// <exception cref="IOException">There are no descriptors left.</exception>
    public static Stream TakeStandardStreams()
    {
        (SafeFileHandle input, SafeFileHandle output) = OperatingSystem.IsWindows() ? TakeWindowsHandles() : TakeDescriptors();
        return new DuplexStream(new FileStream(input, FileAccess.Read, bufferSize: 0), new FileStream(output, FileAccess.Write, bufferSize: 0));
    }

    private static (SafeFileHandle Input, SafeFileHandle Output) TakeDescriptors()
    {
        SafeFileHandle input = new(UnixCalls.Duplicate(0), ownsHandle: true);
        SafeFileHandle output = new(UnixCalls.Duplicate(1), ownsHandle: true);
        using SafeFileHandle nothing = File.OpenHandle("/dev/null");
        if (input.IsInvalid || output.IsInvalid
            || UnixCalls.Replace((int)nothing.DangerousGetHandle(), 0) < 0 || UnixCalls.Replace(2, 1) < 0)
        {
            throw new IOException(Marshal.GetPInvokeErrorMessage(UnixCalls.Error));
        }

        return (input, output);
    }

    // By the documentation: tried under Wine alone.
    [SupportedOSPlatform("windows")]
    private static (SafeFileHandle Input, SafeFileHandle Output) TakeWindowsHandles()
    {
        SafeFileHandle input = Duplicate(StandardInput);
        SafeFileHandle output = Duplicate(StandardOutput);
        SafeFileHandle nothing = File.OpenHandle("NUL", FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        WindowsCalls.SetStandardHandle(StandardInput, nothing.DangerousGetHandle());
        nothing.SetHandleAsInvalid();
        WindowsCalls.SetStandardHandle(StandardOutput, WindowsCalls.GetStandardHandle(StandardError));
        return (input, output);

        static SafeFileHandle Duplicate(int which)
        {
            nint own = WindowsCalls.GetCurrentProcess();
            return WindowsCalls.Duplicate(own, WindowsCalls.GetStandardHandle(which), own, out nint copy, 0, 0, SameAccess) != 0
                ? new SafeFileHandle(copy, ownsHandle: true)
                : throw new IOException(Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError()));
        }
    }

    /// <summary>Ends this process and, where it leads a process group of its own, that: what it has started and was not moved out of it.</summary>
    public static void KillGroup()
    {
        // If it does not lead one, there is no group of that number.
        if (!OperatingSystem.IsWindows())
        {
            _ = UnixCalls.Kill(-Environment.ProcessId, UnixCalls.SigKill);
        }

        Kill();
    }
}
