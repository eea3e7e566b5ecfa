using Switchyard.Core.Processes.Pipes;

namespace Switchyard.Core.Processes.Portable;

/// <summary>Where a child's events come from: its streams and its exit, each with a thread of its own.</summary>
/// <remarks>All members but the constructor are called inside the lock.</remarks>
internal sealed class PortableChildSources
{
    public const string InputThread = "Switchyard child input";
    private const int SourceCount = 4;

    private readonly ChildPipeReader? _output;
    private readonly ChildPipeReader _error;
    private ChildPipeReader _lastRead;
    private int _next;
    private bool _isExitTold;

    public PortableChildSources(StartedProgram program, object sync, bool handsOverStream)
    {
        _output = handsOverStream ? null : new ChildPipeReader(program.Output, sync);
        _error = new ChildPipeReader(program.Error, sync);
        _lastRead = _error;
        if (program.Input is { } input && !handsOverStream)
        {
            Input = new ChildPipeWriter(input, sync);
            Input.Start(InputThread);
        }

        Exit = new ChildExit(program, sync);
        Exit.Start("Switchyard child exit");
        _output?.Start("Switchyard child output");
        _error.Start("Switchyard child error");
    }

    public ChildExit Exit { get; }

    /// <summary>Writes its input; null if that is no pipe.</summary>
    public ChildPipeWriter? Input { get; }

    public bool IsOutputOpen => _output?.IsOpen == true || _error.IsOpen;

    public ReadOnlySpan<byte> Data => _lastRead.Data;

    public void Release() => _lastRead.Release();

    /// <summary>Takes what a source has to tell, beginning after the one that was last, so that each gets its turn.</summary>
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
        _output?.Close();
        _error.Close();
        Exit.Dispose();
    }

    private ChildEvent? Take(int source, bool awaitsInput)
    {
        switch (source)
        {
            case 0 when _output is not null && _output.TryTake(out bool isEnd):
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
