using Switchyard.Core.Processes;

namespace Switchyard.Core.Transports.Commands;

/// <summary>
/// Tell from how a worker's process, or the command before it, has ended whether the worker was lost, which its item has another attempt for, or has died of what
/// it ran. Who was killed may have been either, and counts as lost.
/// </summary>
internal static class LossRules
{
    private const int FailureOfSsh = 255;
    private const int Killed = 128 + 9;
    private const int Terminated = 128 + 15;

    // 128 and SIGILL, SIGABRT, SIGBUS, SIGFPE, SIGBUS of macOS, SIGSEGV: these are not sent from outside.
    private static readonly int[] _faults = [132, 134, 135, 136, 138, 139];

    // What the runtime says first when it gives up. ssh has the same exit code for a worker that a signal ended and for a connection that failed.
    private static readonly string[] _lastWords = ["Process terminated.", "Unhandled exception.", "Stack overflow.", "Out of memory.", "Fatal error."];

    private static readonly string[] _cuts = ["closed by remote host", "reset by peer", "Connection reset by "];

    // What kubectl, podman, docker and sudo return where they fail themselves; 0 some return where they have lost the other end.
    private static readonly int[] _failuresOfCommands = [0, 1, 125, 126, 127, FailureOfSsh, Killed, Terminated];

    public static bool OfProcess(ExitReason reason, IReadOnlyList<string> lastErrors) => !IsFault(reason, lastErrors) && reason.Signal is not null;

    public static bool OfSsh(ExitReason reason, IReadOnlyList<string> lastErrors) =>
        !IsFault(reason, lastErrors) && (reason.Signal is not null || reason.ExitCode is FailureOfSsh or Killed or Terminated);

    public static bool OfCommand(ExitReason reason, IReadOnlyList<string> lastErrors) =>
        !IsFault(reason, lastErrors) && (reason.Signal is not null || _failuresOfCommands.Contains(reason.ExitCode));

    // After the loss of its node srun waits long, and then says that all went well.
    public static bool OfSlurm(ExitReason reason, IReadOnlyList<string> lastErrors) =>
        !IsFault(reason, lastErrors) && (reason.Signal is not null || reason.ExitCode is 0 or Killed or Terminated);

    /// <summary>
    /// Whether one that was being started was killed, or ssh had reached the machine and was cut off: that goes down, or lets in no more for now. The next may well
    /// do better.
    /// </summary>
    public static bool WasCutOff(ExitReason? reason, IReadOnlyList<string> lastErrors) =>
        lastErrors.Count == 0
        || reason is { Signal: not null } or { ExitCode: Killed or Terminated }
        || lastErrors.Any(line => Array.Exists(_cuts, cut => line.Contains(cut, StringComparison.Ordinal)));

    private static bool IsFault(ExitReason reason, IReadOnlyList<string> lastErrors) =>
        _faults.Contains(reason.ExitCode) || lastErrors.Any(line => Array.Exists(_lastWords, words => line.StartsWith(words, StringComparison.Ordinal)));
}
