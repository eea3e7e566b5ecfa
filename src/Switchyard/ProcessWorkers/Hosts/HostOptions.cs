namespace Switchyard.ProcessWorkers.Hosts;

/// <summary>Which machines are to have workers, and how they are reached, as the cmdlet's parameters say.</summary>
internal sealed record HostOptions
{
    /// <summary>Names or objects of -HostName; empty if there are none.</summary>
    public IReadOnlyList<object?> HostName { get; init; } = [];

    /// <summary>That they are to be asked for, instead; null if not.</summary>
    public HostListRequest? List { get; init; }

    /// <summary>The command that carries standard input and output to where the workers are, instead; empty for none.</summary>
    public IReadOnlyList<string> LaunchCommand { get; init; } = [];

    public string? UserName { get; init; }

    public string? KeyFilePath { get; init; }

    /// <summary>The port of those that name none; null for the usual.</summary>
    public int? Port { get; init; }

    /// <summary>Options of <c>ssh</c>, as its <c>-o</c> takes them.</summary>
    public IDictionary? SshOptions { get; init; }

    /// <summary>That a scheduler starts them, instead; null if not.</summary>
    public JobRequest? Job { get; init; }

    /// <summary>That they are tasks of Slurm, instead; null if not.</summary>
    public SlurmRequest? Slurm { get; init; }

    /// <summary>Whether a worker may serve a later batch. What a scheduler gives is given back.</summary>
    public bool MayReuse => Slurm is null && Job is null;

    /// <summary>How many workers each has; null for as many as it says that it has cores.</summary>
    public int? WorkersPerHost { get; init; }
}
