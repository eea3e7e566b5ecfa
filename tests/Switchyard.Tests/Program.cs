using Switchyard.Tests.Engine;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace Switchyard.Tests;

/// <summary>Runs the tests, as the entry point does that xUnit makes otherwise; or what a test runs in a process of its own.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        if (args is [HiddenMembersProcess.Argument])
        {
            HiddenMembersServer.Serve();
            return 0;
        }

        return args.Contains("--server") || args.Contains("--internal-msbuild-node")
            ? await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
            : await ConsoleRunner.Run(args);
    }
}
