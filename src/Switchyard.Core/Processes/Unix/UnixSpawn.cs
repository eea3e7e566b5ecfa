using System.Runtime.InteropServices;

namespace Switchyard.Core.Processes.Unix;

/// <summary>
/// Starts programs by <c>posix_spawn</c>, which neither copies this process nor stops its other threads. Each leads a process group
/// (or session) of its own unless it is to have the terminal, with no signal blocked and SIGPIPE as it is by default: the runtime ignores it.
/// </summary>
internal sealed unsafe class UnixSpawn : IDisposable
{
    // More than any system's types need: glibc's are 336, 80 and 128 bytes, those of macOS pointers.
    private const int AttributesSize = 512;
    private const int ActionsSize = 256;
    private const int SignalsSize = 128;
    private const int ReadOnly = 0;

    private static readonly byte[] _null = [.. "/dev/null"u8, 0];
    private static readonly byte[] _shell = [.. "/bin/sh"u8, 0];

    private readonly byte* _attributes = (byte*)NativeMemory.AllocZeroed(AttributesSize + ActionsSize);

    public UnixSpawn(Place place = Place.OwnGroup)
    {
        byte* signals = stackalloc byte[SignalsSize];
        int leads = place switch
        {
            Place.OwnGroup => UnixCalls.SpawnSetGroup,
            Place.OwnSession => UnixCalls.SpawnSetSession,
            _ => 0,
        };
        _ = UnixCalls.InitializeAttributes(_attributes);
        _ = UnixCalls.SetFlags(_attributes, (short)(leads | UnixCalls.SpawnSetDefaultSignals | UnixCalls.SpawnSetSignalMask | UnixCalls.SpawnCloseOthers));
        _ = UnixCalls.EmptySignals(signals);
        _ = UnixCalls.SetSignalMask(_attributes, signals);
        _ = UnixCalls.AddSignal(signals, UnixCalls.SigPipe);
        _ = UnixCalls.SetDefaultSignals(_attributes, signals);
    }

    /// <summary>Where a program is run.</summary>
    public enum Place
    {
        OwnGroup,

        OwnSession,

        /// <summary>In the caller's process group, and so in the terminal's foreground if that is.</summary>
        Foreground,
    }

    /// <param name="workingDirectory">The folder that it starts in; null for this process's.</param>
    /// <param name="input">Its standard input; negative for none.</param>
    /// <param name="output">Its standard output; negative for none.</param>
    /// <param name="error">Its standard error; negative for none.</param>
    /// <param name="isBinary">Says whether it is no text. Asked if the system cannot run it.</param>
    public int Start(
        UnixStrings arguments,
        UnixStrings environment,
        string? workingDirectory,
        int input,
        int output,
        int error,
        Func<bool> isBinary,
        out int pid)
    {
        byte* actions = _attributes + AttributesSize;
        _ = UnixCalls.InitializeActions(actions);
        try
        {
            AddStream(actions, 0, input, ReadOnly);
            AddStream(actions, 1, output, 1);
            AddStream(actions, 2, error, 1);
            if (workingDirectory is not null)
            {
                fixed (byte* folder = Encoding.UTF8.GetBytes(workingDirectory + '\0'))
                {
                    _ = UnixCalls.AddChangeFolder(actions, folder);
                }
            }

            int started;
            int result = UnixCalls.Spawn(
                &started, arguments.Pointers[0], actions, _attributes, arguments.Pointers, environment.Pointers);
            if (result == UnixCalls.NotExecutable && !isBinary())
            {
                result = StartAsScript(arguments, environment, actions, out started);
            }

            pid = started;
            return result;
        }
        finally
        {
            _ = UnixCalls.DestroyActions(actions);
        }
    }

    public void Dispose()
    {
        _ = UnixCalls.DestroyAttributes(_attributes);
        NativeMemory.Free(_attributes);
    }

    private static void AddStream(byte* actions, int stream, int descriptor, int flags)
    {
        if (descriptor >= 0)
        {
            _ = UnixCalls.AddDuplicate(actions, descriptor, stream);
            return;
        }

        fixed (byte* path = _null)
        {
            _ = UnixCalls.AddOpen(actions, stream, path, flags, 0);
        }
    }

    // An executable text file that does not say by what it is run is run by the shell, as execvp and every shell do.
    private int StartAsScript(UnixStrings arguments, UnixStrings environment, byte* actions, out int pid)
    {
        int started;
        int result;
        byte** withShell = (byte**)NativeMemory.AllocZeroed((nuint)(arguments.Count + 2), (nuint)sizeof(byte*));
        fixed (byte* shell = _shell)
        {
            withShell[0] = shell;
            new ReadOnlySpan<nint>(arguments.Pointers, arguments.Count).CopyTo(new Span<nint>(withShell + 1, arguments.Count));
            result = UnixCalls.Spawn(&started, shell, actions, _attributes, withShell, environment.Pointers);
        }

        NativeMemory.Free(withShell);
        pid = started;
        return result;
    }
}
