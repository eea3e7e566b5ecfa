using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Switchyard.Core.Processes.Trees;
using Switchyard.Core.Processes.Unix;

namespace Switchyard.Core.Processes;

/// <summary>As on macOS: SIGCHLD tells of an exit, and <c>ps</c> of processes.</summary>
[Collection(ProcessCounts.Name)]
[UnsupportedOSPlatform("windows")]
public sealed partial class SignalledChildProcessTests : ChildProcessContract
{
    private const int ChildSignalLinux = 17;
    private const int ChildSignalMac = 20;

    // More than any system's struct sigaction needs.
    private const int ActionSize = 512;

    private static int ChildSignal => OperatingSystem.IsLinux() ? ChildSignalLinux : ChildSignalMac;

    [Fact]
    public void An_exit_is_told_where_the_signal_is_ignored()
    {
        using ChildLauncher launcher = Create(new SharedProcessTable(new PsProcessTable()));
        byte[] before = new byte[ActionSize];
        byte[] ignored = new byte[ActionSize];

        // SIG_IGN, in the field that stands first.
        ignored[0] = 1;
        Assert.Equal(0, SetAction(ChildSignal, ignored, before));
        try
        {
            using RunningChild child = new(launcher.Start(Shelled("echo done")));

            // The system has forgotten the exit code.
            Assert.Equal(-1, child.End().ExitCode);
            Assert.Equal("done\n", child.OutputText);
        }
        finally
        {
            Assert.Equal(0, SetAction(ChildSignal, before, null));
        }
    }

    [Fact]
    public void What_left_the_group_is_killed_while_it_has_its_parent()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/setsid"), "There is no setsid.");
        using ChildLauncher launcher = Create(new SharedProcessTable(new PsProcessTable()));
        using RunningChild child = new(launcher.Start(Shelled("trap '' TERM; setsid sleep 1000 & echo ready; wait")));
        child.UntilOutput("ready");
        child.Process.RequestEnd();
        child.Process.Kill();

        // Its output ends when the last one is gone that holds it.
        Assert.Equal(UnixCalls.SigKill, child.End().Signal);
    }

    private protected override bool TellsSignals => true;

    private protected override ChildLauncher Create(SharedProcessTable table)
    {
        Assert.SkipUnless(UnixChildLauncher.IsSupported, "The C library lacks what it needs.");
        return new UnixChildLauncher(new SharedProcessTable(new PsProcessTable()), watchesSignal: true);
    }

    [LibraryImport("libc", EntryPoint = "sigaction")]
    private static partial int SetAction(int signal, byte[] action, byte[]? before);
}
