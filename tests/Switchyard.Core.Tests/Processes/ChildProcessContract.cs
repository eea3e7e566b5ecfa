using System.Globalization;
using System.Runtime.Versioning;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Switchyard.Core.Harness;
using Switchyard.Core.Processes.Trees;
using Switchyard.Core.Processes.Unix;

namespace Switchyard.Core.Processes;

/// <summary>What every child process does, whatever it was started by. The children are shells, so this needs a Unix.</summary>
[UnsupportedOSPlatform("windows")]
public abstract class ChildProcessContract : IDisposable
{
    private const int Megabyte = 1024 * 1024;
    private const string Shell = "/bin/sh";

    // Writes the id of what it has started, which outlives it.
    private const string LeaveSleeper = "sleep 1000 & echo $!; ";

    private readonly ChildMark _marks = new(outer: null);
    private readonly ChildLauncher _launcher;

    protected ChildProcessContract()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no /bin/sh.");
        SharedProcessTable table = new(Directory.Exists("/proc/self") ? new LinuxProcessTable() : new PsProcessTable());
        _launcher = Create(table);
    }

    public void Dispose()
    {
        _launcher.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void Two_streams_that_are_flooded_at_once_arrive_byte_for_byte()
    {
        using RunningChild child = Run("head -c 5242880 /dev/zero | tr '\\0' e >&2 & head -c 5242880 /dev/zero | tr '\\0' o; wait");
        Assert.Equal(0, child.End().ExitCode);
        Assert.Equal(5 * Megabyte, child.Output.Length);
        Assert.Equal(5 * Megabyte, child.Error.Length);
        Assert.False(child.Output.AsSpan().ContainsAnyExcept((byte)'o'));
        Assert.False(child.Error.AsSpan().ContainsAnyExcept((byte)'e'));
    }

    [Fact]
    public void A_line_without_its_end_arrives()
    {
        using RunningChild child = Run("printf 'a\\nb'; printf c >&2");
        child.End();
        Assert.Equal("a\nb", child.OutputText);
        Assert.Equal("c"u8.ToArray(), child.Error);
    }

    [Fact]
    public void What_is_written_arrives_while_the_child_runs()
    {
        using RunningChild child = Run("echo first; read line; echo $line", ChildInput.Pipe);
        child.UntilOutput("first\n");
        Assert.True(child.WriteAll("second\n"u8.ToArray()));
        child.End();
        Assert.Equal("first\nsecond\n", child.OutputText);
    }

    [Fact]
    public void A_child_may_close_its_output_and_go_on()
    {
        using RunningChild child = Run("echo out; exec 1>&-; read line; echo $line >&2; exit 4", ChildInput.Pipe);
        child.Until(ChildEvent.OutputEnded);
        Assert.DoesNotContain(ChildEvent.Exited, child.Seen);
        Assert.True(child.Process.IsOutputOpen);
        Assert.True(child.WriteAll("err\n"u8.ToArray()));
        Assert.Equal(4, child.End().ExitCode);
        Assert.Equal("err\n"u8.ToArray(), child.Error);
    }

    [Fact]
    public void A_child_that_reads_nothing_blocks_no_writer()
    {
        using RunningChild child = Run("echo started; exec sleep 1000", ChildInput.Pipe);
        child.UntilOutput("started");
        byte[] data = new byte[Megabyte];
        int sent = 0;
        while (child.Process.Write(data.AsSpan(sent)) is > 0 and int taken)
        {
            sent += taken;
        }

        Assert.InRange(sent, 1, data.Length - 1);
        child.Process.Kill();
        child.Until(() => child.IsOver);
        child.Process.AwaitsInput = true;
        child.Until(() => child.Process.Write("x"u8) < 0);
    }

    [Fact]
    public void A_child_that_ends_before_it_has_read_all_takes_no_more()
    {
        using RunningChild child = Run("head -c 10; exit 6", ChildInput.Pipe);
        Assert.False(child.WriteAll(Encoding.ASCII.GetBytes(new string('x', Megabyte))));
        Assert.Equal(6, child.End().ExitCode);
        Assert.Equal("xxxxxxxxxx", child.OutputText);
    }

    [Fact]
    public void Bytes_go_through_a_pipe_as_they_are()
    {
        byte[] data = RandomBytes(3 * Megabyte);
        using RunningChild child = Run("exec cat", ChildInput.Pipe);
        Assert.True(child.WriteAll(data));
        child.Process.CloseInput();
        child.End();
        Assert.Equal(data, child.Output);
    }

    [Fact]
    public void A_file_is_read_as_it_is()
    {
        byte[] data = RandomBytes(Megabyte);
        using SafeFileHandle file = TemporaryFile(data);
        using RunningChild child = new(_launcher.Start(Shelled("exec cat") with { Input = ChildInput.File, InputFile = file }));
        Assert.Equal(-1, child.Process.Write("x"u8));
        child.End();
        Assert.Equal(data, child.Output);
    }

    [Fact]
    public void A_file_need_not_be_read_to_its_end()
    {
        using SafeFileHandle file = TemporaryFile(RandomBytes(Megabyte));
        using RunningChild child = new(_launcher.Start(Shelled("exit 0") with { Input = ChildInput.File, InputFile = file }));
        Assert.Equal(0, child.End().ExitCode);
    }

    [Fact]
    public void No_input_is_at_its_end()
    {
        using RunningChild child = Run("cat; echo done");
        Assert.Equal(-1, child.Process.Write("x"u8));
        child.End();
        Assert.Equal("done\n", child.OutputText);
    }

    [Fact]
    public void Room_in_the_input_is_told_only_when_asked_for()
    {
        using RunningChild child = Run("read line; echo $line", ChildInput.Pipe);
        Assert.Equal(ChildEvent.TimedOut, child.Process.Wait(TimeSpan.Zero));
        child.Process.AwaitsInput = true;
        Assert.Equal(ChildEvent.InputReady, child.Step());
        Assert.Equal(ChildEvent.InputReady, child.Step());
        Assert.True(child.WriteAll("x\n"u8.ToArray()));
        child.End();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(255)]
    public void It_tells_the_exit_code(int code)
    {
        using RunningChild child = Run(string.Create(CultureInfo.InvariantCulture, $"exit {code}"));
        ExitReason reason = child.End();
        Assert.Equal(code, reason.ExitCode);
        Assert.Null(reason.Signal);
        Assert.Equal(code == 0, reason.IsSuccess);
    }

    [Fact]
    public void A_signal_is_an_exit_code_above_128()
    {
        using RunningChild child = Run("kill -9 $$");
        ExitReason reason = child.End();
        Assert.Equal(137, reason.ExitCode);
        Assert.Equal(TellsSignals ? 9 : null, reason.Signal);
        Assert.False(reason.IsSuccess);
    }

    [Fact]
    public void An_exit_is_told_while_others_keep_the_streams_open()
    {
        using RunningChild child = Run(LeaveSleeper + "exit 7");
        child.Until(ChildEvent.Exited).UntilOutput("\n");
        Assert.True(child.Process.IsOutputOpen);
        Assert.True(child.Process.HasDescendants());
        Assert.Equal(ChildEvent.TimedOut, Quiet(child));
        child.Process.Kill();
        Assert.Equal(7, child.End().ExitCode);
        AssertGone(child.OutputText);
        Assert.False(child.Process.HasDescendants());
    }

    [Fact]
    public void What_lost_its_parent_is_asked_to_end_too()
    {
        using RunningChild child = Run("(trap 'echo asked; exit' TERM; echo ready; while :; do sleep 0.01; done) & exit 0");
        child.Until(ChildEvent.Exited).UntilOutput("ready");
        child.Process.RequestEnd();
        child.End();
        Assert.Equal("ready\nasked\n", child.OutputText);
    }

    [Fact]
    public void A_child_that_is_asked_to_end_may_do_so_its_own_way()
    {
        // What a shell has forked and not yet replaced by a program takes a signal for the shell's own trap, so each sleep is short.
        using RunningChild child = Run("trap 'echo bye; exit 8' TERM; echo ready; while :; do sleep 0.01; done");
        child.UntilOutput("ready");
        child.Process.RequestEnd();
        Assert.Equal(8, child.End().ExitCode);
        Assert.EndsWith("bye\n", child.OutputText, StringComparison.Ordinal);
    }

    [Fact]
    public void A_child_that_was_stopped_is_asked_to_end()
    {
        using RunningChild child = Run("echo $$; kill -STOP $$; echo went on");
        child.UntilOutput("\n");
        child.Process.RequestEnd();
        Assert.Equal(143, child.End().ExitCode);
    }

    [Fact]
    public void A_child_that_does_not_want_to_end_is_killed_with_all_that_it_started()
    {
        using RunningChild child = Run("trap '' TERM; " + LeaveSleeper + "(sleep 1000 & echo $!; wait) & echo ready; wait; wait");
        child.Until(() => child.OutputText.Contains("ready", StringComparison.Ordinal) && child.OutputText.Count(c => c == '\n') == 3);
        child.Process.RequestEnd();
        Assert.Equal(ChildEvent.TimedOut, Quiet(child));
        Assert.True(child.Process.HasDescendants());
        child.Process.Kill();
        Assert.Equal(137, child.End().ExitCode);
        AssertGone(child.OutputText);
    }

    [Fact]
    public void A_wake_up_ends_the_wait()
    {
        using RunningChild child = Run("read line", ChildInput.Pipe);
        Thread waker = Bounded.Start("waker", _launcher.Wake);
        Assert.Equal(ChildEvent.Woken, child.Step());
        Bounded.Join(waker);
        Assert.Equal(ChildEvent.TimedOut, Quiet(child));
        _launcher.Wake();
        Assert.Equal(ChildEvent.Woken, child.Step());
        child.Process.CloseInput();
        child.End();
    }

    [Fact]
    public void A_wake_up_before_the_start_is_told_to_the_next_child()
    {
        _launcher.Wake();
        using RunningChild child = Run("exit 0");
        Assert.Equal(ChildEvent.Woken, child.Step());
        child.End();
    }

    [Fact]
    public void A_wake_up_after_the_launcher_is_gone_does_nothing()
    {
        ChildLauncher launcher = Create(new SharedProcessTable(new PsProcessTable()));
        launcher.Dispose();
        launcher.Wake();
    }

    [Fact]
    public void A_wait_ends_after_its_time()
    {
        using RunningChild child = Run("read line", ChildInput.Pipe);
        Assert.Equal(ChildEvent.TimedOut, child.Process.Wait(TimeSpan.FromMilliseconds(30)));
        child.Process.CloseInput();
        child.End();
    }

    [Fact]
    public void A_child_that_is_disposed_of_is_killed()
    {
        RunningChild child = Run("echo $$; read line", ChildInput.Pipe);
        child.UntilOutput("\n");
        string output = child.OutputText;
        child.Dispose();
        child.Dispose();
        AssertGone(output);
    }

    [Fact]
    public void Nothing_waits_for_what_keeps_the_streams_of_a_disposed_child()
    {
        RunningChild child = Run(LeaveSleeper + "exit 0");
        child.Until(ChildEvent.Exited).UntilOutput("\n");
        int sleeper = int.Parse(child.OutputText, CultureInfo.InvariantCulture);
        child.Process.Reap();
        Bounded.Join(Bounded.Start("disposer", child.Dispose));
        using RunningChild next = Run("echo next");
        next.End();
        Assert.Equal("next\n", next.OutputText);
        Assert.True(IsAlive(sleeper));
        _ = UnixCalls.Kill(sleeper, UnixCalls.SigKill);
        Bounded.Until(() => !IsAlive(sleeper), "the sleeper is gone");
    }

    [Fact]
    public void It_has_the_environment_and_the_folder_that_it_was_given()
    {
        ChildEnvironment environment = new([new("GIVEN", "a b=ü\n"), new("EMPTY", ""), new("HOME", null)]);
        ChildStart start = Shelled("pwd; exec env -0") with { Environment = environment, WorkingDirectory = "/usr/bin/.." };
        using RunningChild child = new(_launcher.Start(start));
        child.End();
        string[] parts = child.OutputText.Split('\n', 2);
        Assert.Equal("/usr", parts[0]);

        // What a shell adds of its own.
        HashSet<string> own = ["PWD", "OLDPWD", "SHLVL", "_"];
        IEnumerable<string> expected = environment.Variables.Append(new(ChildEnvironment.MarkName, start.Mark))
            .Where(pair => !own.Contains(pair.Key)).Select(pair => $"{pair.Key}={pair.Value}");
        IEnumerable<string> actual = parts[1].Split('\0', StringSplitOptions.RemoveEmptyEntries).Where(text => !own.Contains(text.Split('=')[0]));
        Assert.Equal(expected.Order(StringComparer.Ordinal), actual.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Arguments_arrive_as_they_are()
    {
        string[] arguments =
        [
            "", " ", "a b", "'", "\"", "\"a\" 'b'", "\\", "a\\\"", "trailing\\", "\n", "a\r\nb\t", "-n", "--", "{}", "{{#}}", "*", "?[a-z]*",
            "~", "$HOME", "${PATH}", "$(id)", "`id`", "%PATH%", "!x!", "^&|<>;", "ü é ß", "日本語", "👩‍👩‍👧", "\u0001\u007F", new string('x', 100_000),
        ];
        ChildStart start = Shelled("printf '%s\\0' \"$@\"");
        using RunningChild child = new(_launcher.Start(start with { Arguments = [.. start.Arguments, "sh", .. arguments] }));
        child.End();
        Assert.Equal(arguments, child.OutputText.Split('\0')[..^1]);
    }

    [Fact]
    public void A_script_that_does_not_name_its_shell_is_run_by_one()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "echo $1; exit 9\n");
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            using RunningChild child = new(_launcher.Start(Shelled("") with { FileName = path, Arguments = ["a b"] }));
            Assert.Equal(9, child.End().ExitCode);
            Assert.Equal("a b\n", child.OutputText);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_missing_program_is_the_programs_fault() =>
        Assert.False(Refused(Shelled("") with { FileName = "/nowhere/no program" }).IsOfThisChild);

    [Fact]
    public void A_file_that_is_no_program_is_the_programs_fault() =>
        Assert.False(Refused(Shelled("") with { FileName = "/etc/passwd" }).IsOfThisChild);

    [Fact]
    public void A_missing_folder_is_not_this_childs_fault() =>
        Assert.False(Refused(Shelled("") with { WorkingDirectory = "/nowhere" }).IsOfThisChild);

    [Fact]
    public void Too_many_arguments_are_this_childs_fault() =>
        Assert.True(Refused(Shelled("") with { Arguments = [.. Enumerable.Repeat(new string('x', 100_000), 200)] }).IsOfThisChild);

    [Fact]
    public void A_nul_in_an_argument_is_this_childs_fault() =>
        Assert.True(Refused(Shelled("") with { Arguments = ["a\0b"] }).IsOfThisChild);

    [Fact]
    public void A_refused_start_leaves_the_launcher_as_it_was()
    {
        Refused(Shelled("") with { FileName = "/nowhere/no program" });
        using RunningChild child = Run("echo next");
        child.End();
        Assert.Equal("next\n", child.OutputText);
    }

    [Fact]
    public void Processor_time_is_that_of_a_child_that_uses_it()
    {
        using RunningChild child = Run("i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done; echo ready; read line", ChildInput.Pipe);
        child.UntilOutput("ready");
        if (child.Process.TryReadCpuTime(out TimeSpan time))
        {
            Assert.InRange(time, TimeSpan.FromMilliseconds(5), Bounded.Limit);
        }

        child.Process.CloseInput();
        if (child.End().CpuTime is { } total)
        {
            Assert.True(total >= time);
        }
    }

    [Fact]
    public void Many_children_one_after_another_leave_nothing_behind()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Descriptors and threads are counted in /proc.");

        // The first ones load code and start what the runtime keeps.
        RunMany(20);
        int streams = CountStreams();
        using (new System.IO.Pipes.AnonymousPipeServerStream())
        {
            // A count that does not see a pipe would prove nothing.
            Assert.Equal(streams + 2, CountStreams());
        }

        RunMany(200);
        Bounded.Until(() => CountStreams() <= streams, "no descriptor is left");
        Bounded.Until(() => !ThreadNames().Any(name => name.StartsWith("Switchyard chil", StringComparison.Ordinal)), "no thread is left");
        Bounded.Until(() => !HasChildren(), "no child and no zombie is left");
    }

    private protected abstract bool TellsSignals { get; }

    private protected abstract ChildLauncher Create(SharedProcessTable table);

    private protected ChildStart Shelled(string script) => new()
    {
        FileName = Shell,
        Arguments = ["-c", script],
        Environment = new ChildEnvironment([]),
        WorkingDirectory = "/",
        Mark = _marks.Next(),
    };

    private static byte[] RandomBytes(int count)
    {
        byte[] data = new byte[count];
        new Random(4711).NextBytes(data);
        return data;
    }

    private static SafeFileHandle TemporaryFile(byte[] data)
    {
        string path = Path.GetTempFileName();
        File.WriteAllBytes(path, data);
        SafeFileHandle file = File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
        File.Delete(path);
        return file;
    }

    // Long enough for what should not come to come, if it ever would; a test that passes does not need it to be.
    private static ChildEvent Quiet(RunningChild child) => child.Process.Wait(TimeSpan.FromMilliseconds(50));

    private static void AssertGone(string output)
    {
        foreach (string line in output.Split('\n'))
        {
            if (int.TryParse(line, CultureInfo.InvariantCulture, out int id))
            {
                Bounded.Until(() => !IsAlive(id), $"process {line} is gone");
            }
        }
    }

    // Those of the kinds that children have: the runtime opens and closes files of its own whenever it likes.
    private static int CountStreams() => new DirectoryInfo("/proc/self/fd").GetFileSystemInfos().Count(descriptor =>
        descriptor.LinkTarget is { } target
            && (target.StartsWith("pipe:", StringComparison.Ordinal) || target.Contains("pidfd", StringComparison.Ordinal)));

    // Names are cut off after 15 bytes.
    private static IEnumerable<string> ThreadNames() =>
        Directory.GetDirectories("/proc/self/task").Select(folder => ReadOrEmpty(folder + "/comm"));

    // Zombies are listed too.
    private static bool HasChildren() =>
        Directory.GetDirectories("/proc/self/task").Any(folder => ReadOrEmpty(folder + "/children").Length > 0);

    private static string ReadOrEmpty(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            // The thread has ended.
            return string.Empty;
        }
    }

    private static bool IsAlive(int id) =>
        (Directory.Exists("/proc/self") ? (IProcessTable)new LinuxProcessTable() : new PsProcessTable()).Read().Any(entry => entry.Id == id);

    private void RunMany(int count)
    {
        for (int i = 0; i < count; i++)
        {
            using RunningChild child = Run("echo out; echo err >&2", i % 2 == 0 ? ChildInput.Pipe : ChildInput.None);
            child.Process.CloseInput();
            Assert.Equal(0, child.End().ExitCode);
        }
    }

    private RunningChild Run(string script, ChildInput input = ChildInput.None) =>
        new(_launcher.Start(Shelled(script) with { Input = input }));

    private ChildStartException Refused(ChildStart start)
    {
        ChildStartException exception = Assert.Throws<ChildStartException>(() => _launcher.Start(start));
        Assert.NotEmpty(exception.Message);
        return exception;
    }
}
