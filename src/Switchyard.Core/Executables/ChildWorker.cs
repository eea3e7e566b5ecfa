using Microsoft.Win32.SafeHandles;
using Switchyard.Core.Processes;
using Switchyard.Core.Processes.Pipes;
using Switchyard.Core.Processes.Unix;

namespace Switchyard.Core.Executables;

/// <summary>What the workers that run executables share: how they are opened, fed and stopped.</summary>
internal abstract class ChildWorker : IBatchWorker
{
    private ChildLauncher? _launcher;
    private volatile int _childId;

    protected ChildWorker(ExecutableOptions options, IExecutableCalls calls, ChildFamily family, int number)
    {
        Options = options;
        Calls = calls;
        Family = family;
        Number = number;
    }

    /// <summary>The child that it has started last: while an item runs, that item's.</summary>
    public int? ProcessId => _childId is var id and > 0 ? id : null;

    protected ExecutableOptions Options { get; }

    protected IExecutableCalls Calls { get; }

    protected ChildFamily Family { get; }

    /// <summary>Number of the worker, from 1.</summary>
    protected int Number { get; }

    protected StopRequest StopRequest { get; } = new();

    public void Open(IItemSink sink)
    {
        try
        {
            Volatile.Write(ref _launcher, Family.CreateLauncher());
        }
        catch (ChildStartException exception)
        {
            throw CannotStart(exception);
        }
    }

    public void Run(IItemSource source, IItemSink sink)
    {
        StopRequest.Reset();
        while (source.TryTake(out BatchItem item))
        {
            // No code of the user's runs on this thread: a stop ends the child and need not interrupt it.
            sink.LeaveUserCode();
            sink.Complete(Run(item, sink));
        }

        Finish(sink);
    }

    public void StopItem() => RequestStop(Options.Grace, isFinal: false);

    public void Stop() => RequestStop(Options.StopGrace, isFinal: true);

    /// <summary>Nothing that another thread could free: the worker's own is waiting for the system to end a killed child.</summary>
    public void Abandon() => RequestStop(TimeSpan.Zero, isFinal: true);

    public virtual void Dispose() => _launcher?.Dispose();

    /// <summary>Runs an item for which there is a call.</summary>
    protected abstract ItemEnd RunCall(in BatchItem item, ExecutableCall call, IItemSink sink);

    /// <summary>There are no more items for now.</summary>
    protected virtual void Finish(IItemSink sink)
    {
    }

    /// <summary>An item failed by what is thrown when its input or output fails.</summary>
    protected virtual void Recover()
    {
    }

    protected ChildProcess StartChild(ExecutableCall call, ChildInput input, SafeFileHandle? inputFile = null)
    {
        ChildProcess child = Launch(call, input, inputFile);
        _childId = child.Id;
        return child;
    }

    private ChildProcess Launch(ExecutableCall call, ChildInput input, SafeFileHandle? inputFile) => _launcher!.Start(new ChildStart
    {
        FileName = Options.FileName,
        Arguments = call.Arguments,
        Environment = Options.Environment,
        WorkingDirectory = Options.WorkingDirectory,
        Input = input,
        InputFile = inputFile,
        Mark = Family.NextMark(),
    });

    /// <summary>Opens what an item needs before its program is started. Where no file can be opened any more, others may have to end first.</summary>
    protected T OpenFile<T>(Func<T> open)
    {
        try
        {
            return open();
        }
        catch (IOException exception) when (!OperatingSystem.IsWindows() && exception.HResult is UnixCalls.TooManyFiles or UnixCalls.TooManyFilesInSystem)
        {
            throw CannotStart(new ChildStartException(exception.Message, exception) { IsShortage = true });
        }
    }

    private ItemEnd Run(in BatchItem item, IItemSink sink)
    {
        ExecutableCall call = Calls.Prepare(item, Number);
        if (call.Failure is not null)
        {
            sink.Write(RecordKind.Error, call.Failure);
            return new ItemEnd(ItemStatus.Failed) { IsFinal = true };
        }

        try
        {
            return RunCall(item, call, sink);
        }
        catch (ChildStartException exception) when (exception.IsOfThisChild)
        {
            Calls.Report(sink, item.Input, new ProgramReport(ReportKind.StartFailed, exception));
        }
        catch (ChildStartException exception)
        {
            throw CannotStart(exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or LineTooLongException)
        {
            Recover();
            Calls.Report(sink, item.Input, new ProgramReport(ReportKind.StreamFailed, exception));
        }

        return ItemStatus.Failed;
    }

    private WorkerStartException CannotStart(ChildStartException cause) =>
        new(cause.Message, cause) { IsShortage = cause.IsShortage, Subject = Calls.Make(null, new ProgramReport(ReportKind.CannotStart, cause)) };

    private void RequestStop(TimeSpan grace, bool isFinal)
    {
        StopRequest.Set(grace, isFinal);
        Volatile.Read(ref _launcher)?.Wake();
    }
}
