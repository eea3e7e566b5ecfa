using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Switchyard.Core.Processes.Windows;

/// <summary>Both ends of a child's standard streams, until it has been started with its own.</summary>
[SupportedOSPlatform("windows")]
internal sealed class WindowsStreams
{
    private const uint BufferSize = 64 * 1024;
    private const uint Inherits = 1;
    private const uint SameAccess = 2;
    private const int InputOfTerminal = -10;

    private readonly List<SafeFileHandle> _ofChild = [];
    private readonly List<SafeFileHandle> _own = [];

    private WindowsStreams()
    {
    }

    /// <summary>What this process writes its input to; null where nothing does.</summary>
    public SafeFileHandle? Input { get; private set; }

    public SafeFileHandle Output { get; private set; } = new();

    public SafeFileHandle Error { get; private set; } = new();

    public nint ChildInput { get; private set; }

    public nint ChildOutput { get; private set; }

    public nint ChildError { get; private set; }

    /// <exception cref="ChildStartException">The system gives none.</exception>
    public static WindowsStreams Open(ChildStart start)
    {
        WindowsStreams streams = new();
        try
        {
            streams.OpenAll(start);
            return streams;
        }
        catch
        {
            streams.CloseOfChild();
            streams.CloseOwn();
            throw;
        }
    }

    /// <summary>Closes what the child has, so that its end is seen.</summary>
    public void CloseOfChild() => _ofChild.ForEach(handle => handle.Dispose());

    public void CloseOwn() => _own.ForEach(handle => handle.Dispose());

    private void OpenAll(ChildStart start)
    {
        (Output, ChildOutput) = OpenPipe(childWrites: true);
        (Error, ChildError) = OpenPipe(childWrites: true);
        switch (start.Input)
        {
            case Processes.ChildInput.File:
                ChildInput = Share(start.InputFile!.DangerousGetHandle());
                break;
            case Processes.ChildInput.Terminal:
                ChildInput = Share(WindowsCalls.GetStandardHandle(InputOfTerminal));
                break;
            default:
                (SafeFileHandle input, ChildInput) = OpenPipe(childWrites: false);
                Input = start.Input == Processes.ChildInput.Pipe ? input : null;
                if (Input is null)
                {
                    input.Dispose();
                }

                break;
        }
    }

    private (SafeFileHandle Own, nint OfChild) OpenPipe(bool childWrites)
    {
        if (WindowsCalls.CreatePipe(out nint read, out nint write, 0, BufferSize) == 0)
        {
            throw WindowsProgram.Failure(Marshal.GetLastPInvokeError());
        }

        SafeFileHandle own = new(childWrites ? read : write, ownsHandle: true);
        SafeFileHandle ofChild = new(childWrites ? write : read, ownsHandle: true);
        _own.Add(own);
        _ofChild.Add(ofChild);
        nint handle = ofChild.DangerousGetHandle();
        return WindowsCalls.SetHandleFlags(handle, Inherits, Inherits) != 0 ? (own, handle) : throw WindowsProgram.Failure(Marshal.GetLastPInvokeError());
    }

    // The original is not to be inherited by what others start at this moment.
    private nint Share(nint handle)
    {
        nint own = WindowsCalls.GetCurrentProcess();
        if (WindowsCalls.Duplicate(own, handle, own, out nint shared, 0, 1, SameAccess) == 0)
        {
            throw WindowsProgram.Failure(Marshal.GetLastPInvokeError());
        }

        _ofChild.Add(new SafeFileHandle(shared, ownsHandle: true));
        return shared;
    }
}
