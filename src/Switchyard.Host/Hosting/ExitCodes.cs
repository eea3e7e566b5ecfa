namespace Switchyard.Host.Hosting;

/// <summary>The exit codes that the host gives by itself.</summary>
internal static class ExitCodes
{
    /// <summary>All went well.</summary>
    public const int Success = 0;

    /// <summary>The script failed, or its last statement did.</summary>
    public const int Failure = 1;

    /// <summary>The command line cannot be understood, or names a file that is not there (EX_USAGE).</summary>
    public const int BadUsage = 64;

    /// <summary>Ended by Ctrl+C, as a shell reports it.</summary>
    public const int Interrupted = 130;

    /// <summary>Ended as nobody reads the output any more, as a shell reports it.</summary>
    public const int BrokenPipe = 141;

    /// <summary>Ended by SIGTERM, as a shell reports it.</summary>
    public const int Terminated = 143;
}
