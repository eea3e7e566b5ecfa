using System.Management.Automation;
using Switchyard.Host.CommandLine;
using Switchyard.Host.Hosting;

namespace Switchyard.Host;

/// <summary>The entry point: understands the command line, runs one session and gives its exit code.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        HostArguments arguments = HostArgumentParser.Parse(args, File.Exists);
        switch (arguments.Action)
        {
            case HostAction.Usage:
                if (arguments.Error is not null)
                {
                    Console.Error.WriteLine(arguments.Error);
                }

                Console.Out.WriteLine(Usage.Text);
                return ExitCodes.BadUsage;
            case HostAction.Help:
                Console.Out.WriteLine(Usage.Text);
                return ExitCodes.Success;
            case HostAction.Version:
                Console.Out.WriteLine($"PowerShell {EngineVersion()} in Switchyard.Host");
                return ExitCodes.Success;
        }

        int exitCode = Session.Run(arguments);

        // Not a return: a foreground thread that a script left behind must not hold the process.
        Environment.Exit(exitCode);
        return exitCode;
    }

    private static string EngineVersion()
    {
        string location = typeof(PowerShell).Assembly.Location;
        string? version = System.Diagnostics.FileVersionInfo.GetVersionInfo(location).ProductVersion;
        return version?.Split(' ', '+')[0] ?? "of unknown version";
    }
}
