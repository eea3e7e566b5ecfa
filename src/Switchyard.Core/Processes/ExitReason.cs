using Switchyard.Core.Processes.Unix;

namespace Switchyard.Core.Processes;

/// <summary>How a child ended.</summary>
/// <param name="ExitCode">Its exit code; of a child that a signal ended, 128 and the signal's number, as shells have it.</param>
internal readonly record struct ExitReason(int ExitCode)
{
    private const int SignalBase = 128;

    /// <summary>Number of the signal that ended it; null if none did, or the system has no signals.</summary>
    public int? Signal { get; init; }

    /// <summary>Processor time of the child and of those of its children that it waited for; null where that is not known.</summary>
    public TimeSpan? CpuTime { get; init; }

    /// <summary>Name of the program that was ended because it waited for a terminal that it could not have; null if none was.</summary>
    public string? WaitedForTerminal { get; init; }

    public bool IsSuccess => ExitCode == 0 && Signal is null;

    /// <summary>The signal's name, such as <c>SIGKILL</c>; its number where it has none. Null if there was no signal.</summary>
    public string? SignalName => Signal is { } signal
        ? SignalNames.Find(signal) ?? string.Create(CultureInfo.InvariantCulture, $"signal {signal}")
        : null;

    /// <summary>Of a child that a signal ended.</summary>
    /// <param name="cpuTime">Processor time; null where that is not known.</param>
    public static ExitReason FromSignal(int signal, TimeSpan? cpuTime) =>
        new(SignalBase + signal) { Signal = signal, CpuTime = cpuTime };
}
