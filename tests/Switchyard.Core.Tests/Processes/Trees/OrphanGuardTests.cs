using System.Runtime.Versioning;
using Switchyard.Core.Processes.Unix;

namespace Switchyard.Core.Processes.Trees;

/// <summary>The end of the process is the end of the pipe that it holds. With <c>/proc</c> and as on macOS without.</summary>
[Collection(ProcessCounts.Name)]
[UnsupportedOSPlatform("windows")]
public sealed class OrphanGuardTests : IDisposable
{
    private readonly ChildMark _marks = new(outer: null);
    private readonly UnixPipe _lifeline;
    private OrphanGuard? _guard;

    public OrphanGuardTests()
    {
        Assert.SkipUnless(!OperatingSystem.IsWindows() && UnixChildLauncher.IsSupported, "There is no such guard.");
        _lifeline = UnixPipe.TryOpen()!;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Children_are_asked_to_end_and_killed_with_all_that_they_started(bool hasProc)
    {
        using ChildLauncher launcher = Guarded(hasProc, TimeSpan.FromSeconds(5));
        using RunningChild deaf = Run(launcher, "trap '' TERM; (trap '' TERM; sleep 1000 & echo $!; wait) & echo $!; echo ready; wait");
        using RunningChild polite = Run(launcher, "trap 'echo asked; exit 3' TERM; echo ready; while :; do sleep 0.01; done");
        deaf.UntilOutput("ready");
        deaf.Until(() => deaf.OutputText.Count(c => c == '\n') == 3);
        polite.UntilOutput("ready");
        Cut();
        Assert.Equal(3, polite.End().ExitCode);
        Assert.EndsWith("asked\n", polite.OutputText, StringComparison.Ordinal);

        // Their output ends when the last one is gone that holds it; which of them is killed first, and lets another end, is chance.
        deaf.End();
    }

    [Fact]
    public void What_left_its_group_is_found_by_its_parents()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/setsid"), "There is no setsid.");
        using ChildLauncher launcher = Guarded(hasProc: false, TimeSpan.Zero);
        using RunningChild child = Run(launcher, "setsid sh -c 'sleep 1000 & echo ready; wait' & wait");
        child.UntilOutput("ready");
        Cut();
        child.End();
    }

    [Fact]
    public void A_number_that_may_be_anothers_is_let_be()
    {
        using ChildLauncher launcher = Guarded(hasProc: false, TimeSpan.Zero);
        using UnixChildLauncher others = new(new SharedProcessTable(new PsProcessTable()), watchesSignal: true);
        using RunningChild other = Run(others, "echo ready; read line; echo $line", ChildInput.Pipe);
        using RunningChild child = Run(launcher, "sleep 1000");
        other.UntilOutput("ready");

        // Some more, as one number may begin like another.
        int[] ended = [other.Process.Id, other.Process.Id * 10, (other.Process.Id * 10) + 1];
        Array.ForEach(ended, _guard!.Started);
        Array.ForEach(ended, _guard.Ended);
        Cut();
        child.End();
        Assert.True(other.WriteAll("alive\n"u8.ToArray()));
        Assert.Equal(0, other.End().ExitCode);
    }

    [Fact]
    public void It_ends_no_process_when_it_is_ended()
    {
        using ChildLauncher launcher = Guarded(hasProc: false, TimeSpan.Zero);
        using RunningChild child = Run(launcher, "echo ready; read line; exit 5", ChildInput.Pipe);
        child.UntilOutput("ready");
        _guard!.Dispose();
        _guard = null;
        Assert.True(child.WriteAll("\n"u8.ToArray()));
        Assert.Equal(5, child.End().ExitCode);
    }

    public void Dispose()
    {
        _guard?.Dispose();
        _lifeline?.Close();
    }

    // What the system does when the process is gone. The guard ends itself once it has done its work.
    private void Cut()
    {
        _lifeline.CloseWrite();
        UnixExit.Await(_guard!.Id);
        _guard = null;
    }

    private UnixChildLauncher Guarded(bool hasProc, TimeSpan grace)
    {
        Assert.SkipUnless(!hasProc || Directory.Exists("/proc/self"), "There is no /proc.");
        _guard = OrphanGuard.TryStart(_marks.RunId, grace, hasProc, _lifeline);
        Assert.NotNull(_guard);
        return new UnixChildLauncher(new SharedProcessTable(new PsProcessTable()), watchesSignal: true, _guard);
    }

    private RunningChild Run(ChildLauncher launcher, string script, ChildInput input = ChildInput.None) => new(launcher.Start(new ChildStart
    {
        FileName = "/bin/sh",
        Arguments = ["-c", script],
        Environment = new ChildEnvironment([]),
        WorkingDirectory = "/",
        Input = input,
        Mark = _marks.Next(),
    }));
}
