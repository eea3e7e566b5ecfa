namespace Switchyard.Tests.Host;

/// <summary>What a run of the host left: its two streams, lines ended by \n, and its exit code.</summary>
internal sealed record HostResult(int ExitCode, string Output, string Error)
{
    /// <summary>The lines of standard output.</summary>
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
