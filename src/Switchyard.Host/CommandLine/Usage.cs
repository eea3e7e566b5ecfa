namespace Switchyard.Host.CommandLine;

/// <summary>The usage text.</summary>
internal static class Usage
{
    /// <summary>What -Help shows.</summary>
    public const string Text = """

        Usage: Switchyard.Host [-File] <path> [arguments]
               Switchyard.Host -Command { - | <script text> }
               Switchyard.Host -Version | -Help

        Runs a PowerShell script with the Switchyard module imported.

          -Command, -c           Run the rest of the command line as script text; - reads it from standard input.
          -File, -f              Run a script file; the rest of the command line are its arguments.
          -WorkingDirectory, -wd Start in this folder.
          -NonInteractive        Questions to the user are errors.
          -Version, -v           Print the version of the engine.
          -Help, -h, -?          Print this text.

        -NoProfile, -NoLogo and -ExecutionPolicy are accepted and change nothing.
        The exit code is the script's, as pwsh would give it; 64 is a command line that cannot be understood.

        """;
}
