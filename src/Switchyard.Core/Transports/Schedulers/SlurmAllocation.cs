using Switchyard.Core.Processes;

namespace Switchyard.Core.Transports.Schedulers;

/// <summary>
/// The cluster's cores that a run has: those of the allocation that it runs in, or of one that <c>salloc</c> holds for as long as its input is open. So it ends
/// with this process, however that ends.
/// </summary>
internal sealed class SlurmAllocation(SlurmOptions options, LocalWorkers workers) : IDisposable
{
    // Its input is what holds the allocation.
    private const string Hold = "echo \"$SLURM_JOB_ID ${SLURM_CPUS_PER_TASK:-1}\"; exec cat >/dev/null";

    private static readonly TimeSpan _noticeTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _endTimeout = TimeSpan.FromSeconds(1);

    private readonly object _lock = new();
    private TaskCompletionSource<(string JobId, string Cpus)> _granted = new();
    private ChildTransport? _holder;
    private bool _isNotified;
    private bool _isDisposed;

    /// <summary>Waits until there is one.</summary>
    /// <exception cref="TransportStartException">It was refused.</exception>
    /// <exception cref="OperationCanceledException">The wait was ended.</exception>
    public (string JobId, string? Cpus) Await(CancellationToken cancellation)
    {
        if (options.JobId is { } own)
        {
            return (own, null);
        }

        ChildTransport holder;
        Task<(string JobId, string Cpus)> granted;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_holder is null || _holder.Ended.IsCancellationRequested)
            {
                // None yet, or its time is over.
                _granted = new TaskCompletionSource<(string, string)>(TaskCreationOptions.RunContinuationsAsynchronously);
                _holder = Begin(_granted);
            }

            (holder, granted) = (_holder, _granted.Task);
        }

        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, holder.Ended);
        try
        {
            if (!granted.Wait((int)_noticeTimeout.TotalMilliseconds, either.Token))
            {
                Notify();
                granted.Wait(either.Token);
            }

            return granted.Result;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw holder.StartFailure ?? new TransportStartException(Messages.AllocationRefused)
            {
                Exit = holder.TryAwaitExit(TimeSpan.Zero, out ExitReason reason) ? reason : null,
                IsFinal = !granted.IsCompletedSuccessfully && reason.SignalName is null,
                LastErrors = holder.LastErrors(),
            };
        }
    }

    public void Dispose()
    {
        ChildTransport? holder;
        lock (_lock)
        {
            _isDisposed = true;
            holder = _holder;
        }

        if (holder is not null)
        {
            holder.RequestEnd();
            holder.TryAwaitExit(_endTimeout, out _);
        }
    }

    private ChildTransport Begin(TaskCompletionSource<(string JobId, string Cpus)> granted) => new(
        new ChildTransportOptions
        {
            FileName = options.Salloc!,
            Arguments =
            [
                "-Q", "--job-name=switchyard", $"--ntasks={options.Tasks.ToString(CultureInfo.InvariantCulture)}", .. options.Options, "sh", "-c", Hold,
            ],
            Environment = options.Environment,
            KeepsInputOpen = true,
        },
        workers,
        [],
        (line, isError) =>
        {
            if (!isError && line.Split(' ') is [var job, var cpus] && job.All(char.IsAsciiDigit))
            {
                granted.TrySetResult((job, cpus));
            }
        });

    private void Notify()
    {
        lock (_lock)
        {
            if (_isNotified)
            {
                return;
            }

            _isNotified = true;
        }

        options.Notify(Messages.AllocationPending);
    }
}
