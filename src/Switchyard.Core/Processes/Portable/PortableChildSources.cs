using System.IO.Pipes;
using Microsoft.Win32.SafeHandles;
using Switchyard.Core.Processes.Pipes;

namespace Switchyard.Core.Processes.Portable;

/// <summary>Where a child's events come from: its streams and its exit, each with a thread of its own.</summary>
/// <remarks>All members but the constructor are called inside the lock.</remarks>
internal sealed class PortableChildSources
{
    private const string InputThread = "Switchyard child input";
    private const int SourceCount = 4;

    private readonly ChildPipeReader _output;
    private readonly ChildPipeReader _error;
    private readonly Stream _input;
    private ChildPipeReader _lastRead;
    private int _next;
    private bool _isExitTold;

    public PortableChildSources(Process process, ChildStart start, object sync)
    {
        _output = new ChildPipeReader(Unbuffer(process.StandardOutput.BaseStream), sync);
        _error = new ChildPipeReader(Unbuffer(process.StandardError.BaseStream), sync);
        _lastRead = _output;
        _input = Unbuffer(process.StandardInput.BaseStream);
        switch (start.Input)
        {
            case ChildInput.Pipe:
                Input = new ChildPipeWriter(_input, sync);
                Input.Start(InputThread);
                break;
            case ChildInput.File:
                ChildFileFeed.Start(start.InputFile!, _input, InputThread);
                break;
            default:
                _input.Dispose();
                break;
        }

        Exit = new ChildExit(process, sync);
        Exit.Start("Switchyard child exit");
        _output.Start("Switchyard child output");
        _error.Start("Switchyard child error");
    }

    public ChildExit Exit { get; }

    /// <summary>Writes its input; null if that is no pipe.</summary>
    public ChildPipeWriter? Input { get; }

    public bool IsOutputOpen => _output.IsOpen || _error.IsOpen;

    public ReadOnlySpan<byte> Data => _lastRead.Data;

    public void Release() => _lastRead.Release();

    /// <summary>Takes what a source has to tell, beginning behind the one that was last, so that none goes unheard.</summary>
    /// <returns>The event; null if there is none.</returns>
    public ChildEvent? Take(bool awaitsInput)
    {
        for (int i = 0; i < SourceCount; i++)
        {
            int source = _next;
            _next = (source + 1) % SourceCount;
            if (Take(source, awaitsInput) is { } what)
            {
                return what;
            }
        }

        return null;
    }

    /// <summary>Closes the streams, and frees the process once it has exited.</summary>
    public void Close()
    {
        Input?.Close();
        _input.Dispose();
        _output.Close();
        _error.Close();
        Exit.Dispose();
    }

    // A buffered stream writes once more as it is closed, and would wait or fail doing so. Closing a pipe stream waits, on Unix, for a
    // read or write that is under way; closing a file's does not.
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

    private ChildEvent? Take(int source, bool awaitsInput)
    {
        switch (source)
        {
            case 0 when _output.TryTake(out bool isEnd):
                _lastRead = _output;
                return isEnd ? ChildEvent.OutputEnded : ChildEvent.Output;
            case 1 when _error.TryTake(out bool isEnd):
                _lastRead = _error;
                return isEnd ? ChildEvent.ErrorEnded : ChildEvent.Error;
            case 2 when awaitsInput && Input is { IsReady: true }:
                return ChildEvent.InputReady;
            case 3 when Exit.HasExited && !_isExitTold:
                _isExitTold = true;
                return ChildEvent.Exited;
            default:
                return null;
        }
    }
}
