namespace Switchyard.Core.Processes.Unix;

/// <summary>Names of signals. Their numbers differ between systems from 7 on.</summary>
internal static class SignalNames
{
    private static readonly string?[] _common = [null, "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT"];

    private static readonly string?[] _linux =
    [
        .. _common, "SIGBUS", "SIGFPE", "SIGKILL", "SIGUSR1", "SIGSEGV", "SIGUSR2", "SIGPIPE", "SIGALRM", "SIGTERM", "SIGSTKFLT",
        "SIGCHLD", "SIGCONT", "SIGSTOP", "SIGTSTP", "SIGTTIN", "SIGTTOU", "SIGURG", "SIGXCPU", "SIGXFSZ", "SIGVTALRM", "SIGPROF",
        "SIGWINCH", "SIGIO", "SIGPWR", "SIGSYS",
    ];

    private static readonly string?[] _mac =
    [
        .. _common, "SIGEMT", "SIGFPE", "SIGKILL", "SIGBUS", "SIGSEGV", "SIGSYS", "SIGPIPE", "SIGALRM", "SIGTERM", "SIGURG",
        "SIGSTOP", "SIGTSTP", "SIGCONT", "SIGCHLD", "SIGTTIN", "SIGTTOU", "SIGIO", "SIGXCPU", "SIGXFSZ", "SIGVTALRM", "SIGPROF",
        "SIGWINCH", "SIGINFO", "SIGUSR1", "SIGUSR2",
    ];

    /// <returns>The name, or null if it has none that is known.</returns>
    public static string? Find(int signal)
    {
        string?[] names = OperatingSystem.IsLinux() ? _linux : _mac;
        return signal >= 0 && signal < names.Length ? names[signal] : null;
    }
}
