using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Switchyard.Core.Processes.Windows;

/// <summary>What a process is started with beside its command line. What it points to must stay until the start is over.</summary>
[SupportedOSPlatform("windows")]
internal sealed unsafe class WindowsStartAttributes : IDisposable
{
    /// <summary>The handles that it inherits, and no others.</summary>
    public const nuint HandleList = 0x20002;

    /// <summary>The jobs that it is in.</summary>
    public const nuint JobList = 0x2000D;

    public WindowsStartAttributes(int count)
    {
        nuint size = 0;
        _ = WindowsCalls.InitializeAttributes(0, count, 0, &size);
        List = (nint)NativeMemory.Alloc(size);
        if (WindowsCalls.InitializeAttributes(List, count, 0, &size) == 0)
        {
            int error = Marshal.GetLastPInvokeError();
            NativeMemory.Free((void*)List);
            throw WindowsProgram.Failure(error);
        }
    }

    public nint List { get; }

    public void Set(nuint attribute, void* value, nint size)
    {
        if (WindowsCalls.UpdateAttribute(List, 0, attribute, value, size, 0, 0) == 0)
        {
            throw WindowsProgram.Failure(Marshal.GetLastPInvokeError());
        }
    }

    public void Dispose()
    {
        WindowsCalls.DeleteAttributes(List);
        NativeMemory.Free((void*)List);
    }
}
