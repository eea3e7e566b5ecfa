using System.Collections.Concurrent;
using Switchyard.Core.Transports.Callbacks;
using Switchyard.Core.Transports.Commands;

namespace Switchyard.Core.Transports.Schedulers;

/// <summary>
/// Starts workers as tasks of Slurm, each a step of its own, which connect back: frames through <c>srun</c> would cost 44 ms each. Its input says where, and that
/// the caller is alive; killed, it takes its task with it.
/// </summary>
internal sealed class SlurmLauncher : ITransportLauncher, IDisposable
{
    // srun and salloc have to be able to tell the controller, should this process be killed.
    private static readonly LocalWorkers _workers = new(TimeSpan.FromSeconds(5));

    // One that cannot connect says so and ends. Where a hundred start at once on few cores, each takes minutes.
    private static readonly TimeSpan _startTimeout = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan _endTimeout = TimeSpan.FromSeconds(1);

    private readonly SlurmOptions _options;
    private readonly SlurmAllocation _allocation;
    private readonly CallbackListener _listener;
    private readonly ConcurrentBag<ChildTransport> _started = [];

    /// <exception cref="IOException">Workers could not connect to this machine.</exception>
    public SlurmLauncher(SlurmOptions options, CallbackOptions callback)
    {
        _options = options;
        _allocation = new SlurmAllocation(options, _workers);
        _listener = new CallbackListener(callback);
    }

    /// <summary>Unlike any other: its workers end with it.</summary>
    public string Key { get; } = Guid.NewGuid().ToString();

    public IWorkerTransport Start(CancellationToken cancellation)
    {
        (string job, string? cpus) = _allocation.Await(cancellation);
        CallbackInvitation invitation = _listener.Invite();
        ChildTransport? worker = null;
        try
        {
            worker = new ChildTransport(CreateOptions(job, cpus), _workers, Encoding.ASCII.GetBytes(_listener.Describe(invitation) + "\n"));
            _started.Add(worker);
            worker.AwaitConnection(
                stop =>
                {
                    CallbackConnection connection = invitation.Await(stop);
                    return (connection.Stream, connection.HostName);
                },
                cancellation);
            return worker;
        }
        catch (Exception exception) when (exception is OutOfMemoryException or ThreadStartException)
        {
            throw new TransportStartException(Messages.ThreadNotStarted, exception);
        }
        catch
        {
            worker?.Kill();
            worker?.Dispose();
            throw;
        }
        finally
        {
            _listener.Revoke(invitation);
        }
    }

    public void Dispose()
    {
        // Those that were told to end do so, and Slurm has nothing to say about it.
        long start = Stopwatch.GetTimestamp();
        foreach (ChildTransport worker in _started)
        {
            TimeSpan left = _endTimeout - Stopwatch.GetElapsedTime(start);
            worker.TryAwaitExit(left > TimeSpan.Zero ? left : TimeSpan.Zero, out _);
            worker.OutputHandler = null;
        }

        _allocation.Dispose();
        _listener.Dispose();
    }

    private ChildTransportOptions CreateOptions(string job, string? cpus) => new()
    {
        FileName = _options.Srun,
        Arguments =
        [
            // With no memory of its own a step may use the job's, as all the others may.
            "-Q", $"--jobid={job}", "-n1", "-N1", "--exact", "--mem=0", "--mpi=none",
            .. cpus is null ? _options.Options : [$"--cpus-per-task={cpus}"],
            .. _options.Command,
        ],
        Environment = _options.Environment,
        WorkingDirectory = _options.WorkingDirectory,
        HostName = "Slurm",
        Package = _options.Package,
        KeepsInputOpen = true,
        IsLoss = LossRules.OfSlurm,
        StartTimeout = _startTimeout,
    };
}
