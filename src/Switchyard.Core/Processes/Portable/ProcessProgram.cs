using System.ComponentModel;
using System.IO.Pipes;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;
using Switchyard.Core.Processes.Pipes;
using Switchyard.Core.Processes.Trees;
using Switchyard.Core.Processes.Unix;

namespace Switchyard.Core.Processes.Portable;

/// <summary>A program that was started by <see cref="Process"/>.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class ProcessProgram : StartedProgram
{
    private readonly Process _process;

    private ProcessProgram(Process process, ChildStart start, SharedProcessTable table)
    {
        _process = process;
        Id = process.Id;
        Tree = new UnixChildTree(process, start.Mark, table);
        Output = Unbuffer(process.StandardOutput.BaseStream);
        Error = Unbuffer(process.StandardError.BaseStream);
        Input = start.Input == ChildInput.Terminal ? null : FeedOf(start, Unbuffer(process.StandardInput.BaseStream));
    }

    public override int Id { get; }

    public override ChildTree Tree { get; }

    public override Stream? Input { get; }

    public override Stream Output { get; }

    public override Stream Error { get; }

    /// <exception cref="ChildStartException">It cannot be started.</exception>
    public static ProcessProgram Start(ChildStart start, SharedProcessTable table)
    {
        ProcessStartInfo info = PortableStartInfo.Create(start);
        try
        {
            return new ProcessProgram(Process.Start(info)!, start, table);
        }
        catch (Win32Exception exception) when (exception.NativeErrorCode == UnixCalls.NotExecutable)
        {
            PortableStartInfo.RunByShell(info);
        }
        catch (Win32Exception exception)
        {
            throw Failure(exception);
        }

        try
        {
            return new ProcessProgram(Process.Start(info)!, start, table);
        }
        catch (Win32Exception exception)
        {
            throw Failure(exception);
        }
    }

    public override int WaitForExit()
    {
        try
        {
            // Its streams are read elsewhere, so it waits for the process alone.
            _process.WaitForExit();
            return _process.ExitCode;
        }
        catch (SystemException)
        {
            // The system does not tell any more.
            return -1;
        }
    }

    public override void Dispose() => _process.Dispose();

    // With fewer arguments it may work. Otherwise the program or the folder is what cannot be used.
    private static ChildStartException Failure(Win32Exception exception) =>
        new(new Win32Exception(exception.NativeErrorCode).Message, exception)
        {
            IsOfThisChild = exception.NativeErrorCode == UnixCalls.TooBig,
            IsShortage = UnixCalls.IsShortage(exception.NativeErrorCode),
        };

    // What is not written here is fed from a file, or ends at once.
    private static FileStream? FeedOf(ChildStart start, FileStream input)
    {
        switch (start.Input)
        {
            case ChildInput.Pipe:
                return input;
            case ChildInput.File:
                ChildFileFeed.Start(start.InputFile!, input, PortableChildSources.InputThread);
                return null;
            default:
                input.Dispose();
                return null;
        }
    }

    // A buffered stream writes once more as it is closed, and would wait or fail doing so. Closing a pipe stream waits for a read or write
    // that is under way; closing a file's does not.
    private static FileStream Unbuffer(Stream stream)
    {
        bool isInput = stream.CanWrite;
        SafeFileHandle handle;
        if (stream is PipeStream { SafePipeHandle: var pipe })
        {
            handle = new SafeFileHandle(pipe.DangerousGetHandle(), ownsHandle: true);
            pipe.SetHandleAsInvalid();
        }
        else
        {
            handle = ((FileStream)stream).SafeFileHandle;
        }

        return new FileStream(handle, isInput ? FileAccess.Write : FileAccess.Read, bufferSize: 0, handle.IsAsync);
    }
}
