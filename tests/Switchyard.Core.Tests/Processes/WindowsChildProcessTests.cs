using Switchyard.Core.Harness;
using Switchyard.Core.Processes.Portable;
using Switchyard.Core.Processes.Trees;
using Switchyard.Core.Processes.Unix;

namespace Switchyard.Core.Processes;

/// <summary>Children in job objects. What every child does is in <see cref="ChildProcessContract"/>, by programs that Windows lacks.</summary>
[Collection(ProcessCounts.Name)]
public sealed class WindowsChildProcessTests : IDisposable
{
    private readonly PortableChildLauncher _launcher;
    private readonly ChildMark _marks = new(outer: null);

    public WindowsChildProcessTests()
    {
        Assert.SkipUnless(OperatingSystem.IsWindows(), "There is no cmd.exe.");
        _launcher = new PortableChildLauncher(new SharedProcessTable(new PsProcessTable()));
    }

    public void Dispose() => _launcher?.Dispose();

    [Fact]
    public void Streams_and_exit_code_arrive()
    {
        using RunningChild child = Run("echo out& echo err>&2& exit 7");
        ExitReason reason = child.End();
        Assert.Equal(7, reason.ExitCode);
        Assert.Null(reason.Signal);
        Assert.Equal("out\r\n", child.OutputText);
        Assert.Equal("err\r\n"u8.ToArray(), child.Error);
    }

    [Fact]
    public void It_reads_what_is_written_to_it()
    {
        using RunningChild child = new(_launcher.Start(Commanded("set /p line=& call echo [%line%]") with { Input = ChildInput.Pipe }));
        Assert.True(child.WriteAll("hello\r\n"u8.ToArray()));
        child.Process.CloseInput();
        child.End();
        Assert.Equal("[hello]\r\n", child.OutputText);
    }

    [Fact]
    public void What_it_has_started_is_ended_with_it()
    {
        using RunningChild child = Run("cmd /c pause");
        Bounded.Until(() => child.Process.HasDescendants(), "it has started another");
        child.Process.Kill();
        child.End();
        Assert.False(child.Process.HasDescendants());
    }

    [Fact]
    public void What_it_has_left_behind_is_found_and_ended()
    {
        using RunningChild child = Run("start /b cmd /c pause <con >nul 2>&1& echo left");
        child.Until(ChildEvent.Exited);
        Assert.True(child.Process.HasDescendants());
        child.Process.Kill();
        child.End();
        Assert.False(child.Process.HasDescendants());
    }

    [Fact]
    public void With_a_console_of_its_own_it_cannot_be_asked_to_end()
    {
        using RunningChild child = new(_launcher.Start(Commanded("set /p line=") with { Input = ChildInput.Pipe, HasOwnConsole = true }));
        Assert.False(child.Process.RequestEnd());
        child.Process.CloseInput();
        child.End();
    }

    private RunningChild Run(string command) => new(_launcher.Start(Commanded(command)));

    private ChildStart Commanded(string command) => new()
    {
        FileName = Path.Combine(Environment.SystemDirectory, "cmd.exe"),
        Arguments = ["/d", "/c", command],
        Environment = new ChildEnvironment([]),
        WorkingDirectory = null,
        Mark = _marks.Next(),
    };
}
