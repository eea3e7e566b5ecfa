using Switchyard.Core.Processes;
using Switchyard.Core.Transports.Callbacks;

namespace Switchyard.Core.Transports.Schedulers;

/// <summary>Starts workers by jobs of a scheduler: the first has as many as are wanted, and one more each for those that were lost. All are canceled at the end.</summary>
internal sealed class JobLauncher : ITransportLauncher, IDisposable
{
    // Should this process be killed, the scheduler's own commands go on; its jobs then cannot connect, and end.
    private static readonly LocalWorkers _workers = new();
    private static readonly TimeSpan _endTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan _submitTimeout = TimeSpan.FromSeconds(60);

    private readonly object _lock = new();
    private readonly JobOptions _options;
    private readonly JobTemplate _template;
    private readonly CallbackListener _listener;
    private readonly List<string> _ids = [];
    private CallbackInvitation? _invitation;
    private int _left;

    /// <exception cref="FormatException">The template lacks what it must have.</exception>
    /// <exception cref="IOException">Workers could not connect to this machine.</exception>
    public JobLauncher(JobOptions options, CallbackOptions callback)
    {
        _options = options;
        _template = new JobTemplate(options.Template);
        _listener = new CallbackListener(callback);
    }

    public string Key { get; } = Guid.NewGuid().ToString();

    public IWorkerTransport Start(CancellationToken cancellation)
    {
        CallbackInvitation invitation;
        lock (_lock)
        {
            if (_left == 0)
            {
                Submit(_invitation is null ? _options.Tasks : 1, cancellation);
            }

            _left--;
            invitation = _invitation!;
        }

        // For as long as the scheduler lets it wait.
        return new JobTransport(invitation.Await(cancellation), _options.Package);
    }

    public void Dispose()
    {
        _listener.Dispose();
        ChildTransport[] cancels;
        lock (_lock)
        {
            cancels = [.. _ids.Select(id => Run(_template.Cancel(id), null))];
        }

        long start = Stopwatch.GetTimestamp();
        foreach (ChildTransport cancel in cancels)
        {
            TimeSpan left = _endTimeout - Stopwatch.GetElapsedTime(start);
            cancel.TryAwaitExit(left > TimeSpan.Zero ? left : TimeSpan.Zero, out _);
        }
    }

    private void Submit(int count, CancellationToken cancellation)
    {
        CallbackInvitation invitation = _listener.Invite(count);
        string file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            string name = "switchyard-" + Guid.NewGuid().ToString("N")[..12];
            FileStreamOptions own = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                own.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            // It holds the token.
            using (StreamWriter writer = new(file, own))
            {
                writer.Write(_template.Render(count, _options.Command, _listener.Describe(invitation), name));
            }

            _ids.Add(RunSubmit(file, cancellation));
            (_invitation, _left) = (invitation, count);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new TransportStartException(exception.Message, exception);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private string RunSubmit(string file, CancellationToken cancellation)
    {
        string? last = null;
        string quoted = OperatingSystem.IsWindows() ? $"\"{file}\"" : $"'{file.Replace("'", @"'\''", StringComparison.Ordinal)}'";
        ChildTransport submit = Run(_template.Submit.Replace("{{File}}", quoted, StringComparison.Ordinal), line => last = line.Trim() is { Length: > 0 } text ? text : last);

        // What it leaves running is the scheduler's.
        submit.Release();
        using CancellationTokenRegistration stop = cancellation.Register(submit.Kill);
        bool hasEnded = submit.TryAwaitExit(_submitTimeout, out ExitReason reason);
        cancellation.ThrowIfCancellationRequested();
        if (!hasEnded)
        {
            submit.Kill();
        }

        return hasEnded && reason.IsSuccess && last is not null && submit.StartFailure is null ? last
            : throw submit.StartFailure ?? new TransportStartException(MessageText.Format(Messages.JobNotSubmitted, _template.Submit))
            {
                Exit = reason, LastErrors = submit.LastErrors(), IsFinal = hasEnded,
            };
    }

    private ChildTransport Run(string commandLine, Action<string>? takeLine) => new(
        new ChildTransportOptions
        {
            FileName = OperatingSystem.IsWindows() ? Environment.GetEnvironmentVariable("ComSpec") ?? "cmd.exe" : "/bin/sh",
            Arguments = OperatingSystem.IsWindows() ? ["/d", "/s", "/c", commandLine] : ["-c", commandLine],
            Environment = new ChildEnvironment([]),
            WorkingDirectory = _options.WorkingDirectory,
        },
        _workers,
        [],
        (line, isError) =>
        {
            if (!isError)
            {
                takeLine?.Invoke(line);
            }
        });
}
