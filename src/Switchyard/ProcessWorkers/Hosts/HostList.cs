using Switchyard.Core.RemoteWorkers.Client.Hosts;
using Switchyard.Errors;
using Switchyard.Runspaces;

namespace Switchyard.ProcessWorkers.Hosts;

/// <summary>
/// Asks a script block which machines there are, in a session of its own, again and again while the batch goes on: the caller's may be busy, or gone on.
/// </summary>
/// <param name="create">Makes the machines of what the script block has written.</param>
internal sealed class HostList(HostListRequest request, Func<IReadOnlyList<object?>, IReadOnlyList<WorkerHost>> create) : IHostList, IItemSink
{
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _stopTimeout = TimeSpan.FromSeconds(1);

    private readonly RunspaceWorker _session = new(
        new RunspaceWorkerFactory(new SharedBody(request.Block, []), request.Session, isFresh: false, honoursRetryAfter: false));

    private readonly ManualResetEventSlim _stop = new();
    private readonly List<object?> _written = [];
    private readonly List<ErrorRecord> _errors = [];
    private readonly HashSet<string> _told = [];
    private HostPool _pool = null!;
    private Thread? _thread;

    public void Start(HostPool pool)
    {
        _pool = pool;
        _thread = new Thread(Run) { IsBackground = true, Name = "Switchyard hosts" };
        _thread.Start();
    }

    public void Write(RecordKind kind, object? value)
    {
        switch (kind)
        {
            case RecordKind.Output:
                _written.Add(value);
                break;
            case RecordKind.Error when value is ErrorRecord error:
                _errors.Add(error);
                break;
            case RecordKind.Progress:
                // It asks beside the batch, whose progress is shown.
                break;
            default:
                _pool.Announce?.Invoke(new ItemRecord(ItemRecord.NoItem, kind, value));
                break;
        }
    }

    public void EnterUserCode()
    {
    }

    public void LeaveUserCode()
    {
    }

    public void Complete(in ItemEnd end)
    {
    }

    public void Dispose()
    {
        _stop.Set();
        _session.Stop();
        if (_thread?.Join(_stopTimeout) == false)
        {
            _session.Abandon();
        }
    }

    private void Run()
    {
        using (_session)
        {
            try
            {
                _session.Open(this);
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                Fail(exception is WorkerStartException { Subject: ErrorRecord record } ? record : ProcessErrors.HostListFailed(exception, exception));
                return;
            }

            bool hasAnswer = false;
            do
            {
                if (Ask() is { } failure)
                {
                    if (!hasAnswer)
                    {
                        Fail(failure);
                        return;
                    }

                    Warn(failure.Exception.Message);
                }

                hasAnswer = true;
            }
            while (!_stop.Wait(_pause));
        }
    }

    /// <returns>Why there is no answer; null if there is one.</returns>
    private ErrorRecord? Ask()
    {
        _written.Clear();
        _errors.Clear();
        try
        {
            _session.Run(new SingleItemSource(new BatchItem(0, null)), this);
            if (_stop.IsSet)
            {
                return null;
            }

            if (_written.Count == 0 && _errors.Count > 0)
            {
                return ProcessErrors.HostListFailed(_errors[0].Exception, _errors[0].TargetObject);
            }

            _pool.Replace(create(_written));
        }
        catch (BatchException exception)
        {
            return exception.Record;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return _stop.IsSet ? null : ProcessErrors.HostListFailed(exception, null);
        }

        _errors.ForEach(error => Warn(error.Exception.Message));
        if (_written.Count == 0)
        {
            Warn(Messages.HostListEmpty);
        }

        return null;
    }

    private void Warn(string text)
    {
        if (_told.Add(text))
        {
            _pool.Announce?.Invoke(RunNotices.Warning(text));
        }
    }

    private void Fail(ErrorRecord failure) => _pool.Fail(new WorkerStartException(failure.Exception.Message, failure.Exception) { IsFinal = true, Subject = failure });
}
