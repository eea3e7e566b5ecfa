using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Switchyard.Core.Processes.Trees;

namespace Switchyard.Core.Processes.Unix;

/// <summary>Starts children by <c>posix_spawn</c> and watches them with <c>poll</c>: Linux and macOS.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed unsafe class UnixChildLauncher : ChildLauncher
{
    private const int BufferSize = 32 * 1024;

    private readonly object _wakeLock = new();
    private readonly SharedProcessTable _table;
    private readonly UnixSpawn _spawn;
    private UnixSpawn? _foregroundSpawn;
    private readonly PosixSignalRegistration? _childSignal;
    private readonly UnixPipe _wake;
    private UnixStrings? _environmentBlock;
    private ChildEnvironment? _environment;
    private int _isWoken;

    /// <param name="guard">Told of each child; null if none is.</param>
    /// <exception cref="ChildStartException">There are no file descriptors left.</exception>
    public UnixChildLauncher(SharedProcessTable table, bool watchesSignal, OrphanGuard? guard = null)
    {
        _table = table;
        Guard = guard;
        _wake = UnixPipe.TryOpen() ?? throw Failure(UnixCalls.Error);
        _spawn = new UnixSpawn();
        UnixCalls.SetNonBlocking(_wake.ReadEnd);
        UnixCalls.SetNonBlocking(_wake.WriteEnd);
        _childSignal = watchesSignal ? PosixSignalRegistration.Create(PosixSignal.SIGCHLD, _ => EndWait()) : null;
    }

    public static bool IsSupported { get; } = FindSupport();

    /// <summary>Whether there is a descriptor for a process's exit.</summary>
    public static bool CanOpenExits { get; } = TryOpenExit();

    /// <summary>Whether there is a terminal that a child could want.</summary>
    public bool HasTerminal { get; } = UnixTerminal.IsPresent();

    public bool WatchesSignal => _childSignal is not null;

    public OrphanGuard? Guard { get; }

    public bool IsWoken => Volatile.Read(ref _isWoken) == 1;

    /// <summary>What is readable after a call of <see cref="Wake"/>.</summary>
    public int WakeDescriptor => _wake.ReadEnd;

    /// <summary>Takes what children write. One runs at a time, so one buffer serves all.</summary>
    public byte[] Buffer { get; } = GC.AllocateUninitializedArray<byte>(BufferSize);

    public bool HasMarks => _table.HasMarks;

    public IReadOnlyList<ProcessEntry> ReadTable() => _table.Read();

    public override ChildProcess Start(ChildStart start)
    {
        UnixPipe? input = null;
        UnixPipe? output = null;
        UnixPipe? error = null;
        bool isStarted = false;
        try
        {
            input = start.Input == ChildInput.Pipe ? Open() : null;
            output = Open();
            error = Open();
            int inputDescriptor = input?.ReadEnd ?? (start.InputFile is { } file ? (int)file.DangerousGetHandle() : -1);
            int pid = Spawn(start, inputDescriptor, output.WriteEnd, error.WriteEnd);
            isStarted = true;
            return new UnixChildProcess(this, pid, start, input, output, error);
        }
        finally
        {
            input?.CloseRead();
            output?.CloseWrite();
            error?.CloseWrite();
            if (!isStarted)
            {
                input?.Close();
                output?.Close();
                error?.Close();
            }
        }

        static UnixPipe Open() => UnixPipe.TryOpen() ?? throw Failure(UnixCalls.Error);
    }

    public override void Wake()
    {
        Volatile.Write(ref _isWoken, 1);
        EndWait();
    }

    /// <summary>Takes what ended the wait, and the calls of <see cref="Wake"/> so far.</summary>
    /// <returns>Whether there was one; otherwise it was a signal.</returns>
    public bool TakeWake()
    {
        byte* buffer = stackalloc byte[64];
        while (UnixCalls.Read(_wake.ReadEnd, buffer, 64) == 64)
        {
        }

        return Interlocked.Exchange(ref _isWoken, 0) == 1;
    }

    protected override void Dispose(bool disposing)
    {
        lock (_wakeLock)
        {
            if (_wake.WriteEnd < 0)
            {
                return;
            }

            _wake.Close();
        }

        // Outside the lock: a handler that is in it calls for a wake-up.
        _childSignal?.Dispose();
        _spawn.Dispose();
        _foregroundSpawn?.Dispose();
        _environmentBlock?.Dispose();
    }

    private void EndWait()
    {
        lock (_wakeLock)
        {
            if (_wake.WriteEnd >= 0)
            {
                byte any = 0;
                _ = UnixCalls.Write(_wake.WriteEnd, &any, 1);
            }
        }
    }

    private static ChildStartException Failure(int error, Func<string, string>? explain = null) => new(
        error switch
        {
            UnixCalls.TooManyFiles or UnixCalls.TooManyFilesInSystem => MessageText.Format(Messages.NoFileLeft, Marshal.GetPInvokeErrorMessage(error)),
            _ when error == UnixCalls.TryAgainLater => MessageText.Format(Messages.NoProcessLeft, Marshal.GetPInvokeErrorMessage(error)),
            _ => explain?.Invoke(Marshal.GetPInvokeErrorMessage(error)) ?? Marshal.GetPInvokeErrorMessage(error),
        })
    {
        // With fewer arguments it may work. Otherwise the program or the folder is what cannot be used.
        IsOfThisChild = error == UnixCalls.TooBig,
        IsShortage = UnixCalls.IsShortage(error),
    };

    private static bool TryOpenExit()
    {
        int exit = UnixCalls.OpenExit(Environment.ProcessId);
        if (exit >= 0)
        {
            _ = UnixCalls.Close(exit);
        }

        return exit >= 0;
    }

    private static bool FindSupport()
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsMacOS())
        {
            return false;
        }

        // The newest of its calls: glibc 2.29, musl 1.1.24, macOS 10.15.
        return NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "posix_spawn_file_actions_addchdir_np", out _);
    }

    private int Spawn(ChildStart start, int input, int output, int error)
    {
        if (_environment != start.Environment)
        {
            _environmentBlock?.Dispose();
            _environmentBlock = new UnixStrings([.. start.Environment.Variables.Select(pair => $"{pair.Key}={pair.Value}")], spare: 1);
            _environment = start.Environment;
        }

        foreach (string argument in start.Arguments)
        {
            _ = ChildStart.Checked(argument);
        }

        using UnixStrings arguments = new([start.FileName, .. start.Arguments]);
        using UnixStrings mark = new([$"{ChildEnvironment.MarkName}={start.Mark}"]);
        _environmentBlock!.SetSpare(0, mark.Pointers[0]);
        UnixSpawn spawn = start.Input == ChildInput.Terminal ? _foregroundSpawn ??= new UnixSpawn(UnixSpawn.Place.Foreground) : _spawn;
        int result = spawn.Start(
            arguments, _environmentBlock, start.WorkingDirectory, input, output, error, () => Describe(start).IsBinary, out int pid);
        return result == 0 ? pid : throw Failure(result, usual => Describe(start).Explain(result, usual));

        static ProgramFile Describe(ChildStart start) => new(start.FileName, start.WorkingDirectory);
    }
}
