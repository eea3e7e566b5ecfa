using Switchyard.Core.Batch;
using Switchyard.Core.Executables;
using Switchyard.Core.Harness;
using Switchyard.Core.Items;
using Switchyard.Core.Policies;

namespace Switchyard.Core.RemoteExecutables;

/// <summary>A program on a remote worker does what it does here: each runs in both places.</summary>
public sealed class RemoteExecutableTests
{
    private const string Shell = "/bin/sh";

    public static TheoryData<bool> Places => [false, true];

    [Theory]
    [MemberData(nameof(Places))]
    public async Task Output_exit_codes_and_standard_error_come_as_they_are(bool isFar)
    {
        RequireShell();
        ProgramRun run = new(grace: TimeSpan.FromSeconds(1));
        await run.Run(
            isFar,
            new ProgramItem("echo a; echo 'ä €'"),
            new ProgramItem("printf 'no end'"),
            new ProgramItem("echo \"$1 $2\""),
            new ProgramItem("echo talk >&2; printf 'last'; printf 'words' >&2; exit 3"),
            new ProgramItem("kill -9 $$"),
            new ProgramItem("sleep 60 & echo left"),
            new ProgramItem("cat"),
            new ProgramItem("true") { Refusal = "refused" });
        Assert.Equal(
            [
                "Succeeded 0 [a,ä €]",
                "Succeeded 0 [no end]",
                "Succeeded 0 [3 1]",
                "Failed 3 [last] <echo talk >&2; printf 'last'; printf 'words' >&2; exit 3> says talk; <echo talk >&2; printf 'last'; printf 'words' >&2; exit 3> says words; <echo talk >&2; printf 'last'; printf 'words' >&2; exit 3> exits with 3",
                "Failed 137 [] <kill -9 $$> exits with 137 SIGKILL",
                "Succeeded 0 [left] <sleep 60 & echo left> left processes behind",
                "Succeeded 0 []",
                "Failed  [] refused",
            ],
            run.Results);
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task Input_is_read_to_the_byte(bool isFar)
    {
        RequireShell();
        byte[] large = new byte[3_000_000];
        Random.Shared.NextBytes(large);
        string path = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(path, large, TestContext.Current.CancellationToken);
            ProgramRun run = new(InputMode.Item, asBytes: true);
            await run.Run(
                isFar,
                new ProgramItem("cat") { Input = [0, 10, 13, 255] },
                new ProgramItem("cat") { Input = [] },
                new ProgramItem("cat") { InputPath = path },
                new ProgramItem("head -c 2") { Input = large },
                new ProgramItem("cat") { InputPath = path + ".gone" });
            Assert.Equal(large, run.Sink.Results.Single(result => result.Index == 2).Output.SelectMany(data => (byte[])data!));
            string[] others = [.. run.Results.Where((_, index) => index != 2)];
            Assert.Equal(["Succeeded 0 [0x000A0DFF]", "Succeeded 0 []", $"Succeeded 0 [0x{Convert.ToHexString(large.AsSpan(0, 2))}]"], others[..3]);
            Assert.StartsWith($"Failed  [] <cat> has no streams: Could not find file '{path}.gone'", others[3], StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task Files_of_output_are_the_callers(bool isFar)
    {
        RequireShell();
        string folder = Directory.CreateTempSubdirectory("switchyard-test-").FullName;
        try
        {
            ProgramRun run = new(folder: new OutputFolder(folder, goesOn: false));
            await run.Run(isFar, new ProgramItem("printf 'a\\nb'; printf 'e\\0' >&2; exit 7"), new ProgramItem("true"));
            Assert.Equal(["Failed", "Succeeded"], run.Results.Select(result => result.Split(' ')[0]));
            Assert.Equal([Path.Combine(folder, "0"), Path.Combine(folder, "1")], run.Sink.Results.OrderBy(result => result.Index).Select(result => result.OutputPath));
            Assert.Equal("a\nb"u8.ToArray(), await Content("0.stdout"));
            Assert.Equal("e\0"u8.ToArray(), await Content("0.stderr"));
            Assert.Equal("7\n"u8.ToArray(), await Content("0.exitcode"));
            Assert.Empty(await Content("1.stdout"));
            Assert.Equal("0\n"u8.ToArray(), await Content("1.exitcode"));
            Assert.Equal(6, Directory.GetFileSystemEntries(folder).Length);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        Task<byte[]> Content(string name) => File.ReadAllBytesAsync(Path.Combine(folder, name), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task An_item_whose_files_cannot_be_written_is_stopped_and_fails()
    {
        RequireShell();
        string folder = Directory.CreateTempSubdirectory("switchyard-test-").FullName;
        OutputFolder output = new(folder, goesOn: false);
        Directory.Delete(folder);
        ProgramRun run = new(folder: output);
        await run.Run(isFar: true, new ProgramItem("echo begun; exec sleep 600"), new ProgramItem("true"));
        Assert.All(run.Results, result => Assert.StartsWith("Failed  [] ", result, StringComparison.Ordinal));
        Assert.All(run.Results, result => Assert.Contains("has no streams: Could not find a part of the path", result, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task A_program_that_is_asked_line_by_line_answers_and_dies_as_it_does(bool isFar)
    {
        RequireShell();
        ProgramRun run = new(InputMode.Line);
        await run.Run(isFar, "echo one $$", "echo two $$", "echo bye >&2; exit 5", "echo three; echo surplus", "echo four");
        string[] results = [.. run.Results];
        string process = results[0].Split("[one ")[1].TrimEnd(']');
        Assert.Equal($"Succeeded  [one {process}]", results[0]);
        Assert.Equal($"Succeeded  [two {process}]", results[1]);
        Assert.Equal("Crashed 5 [] <echo bye >&2; exit 5> says bye; <echo bye >&2; exit 5> dies with 5 after bye", results[2]);
        Assert.Equal("Failed  [] <echo three; echo surplus> answers again: surplus", results[3]);
        Assert.Equal("Succeeded  [four]", results[4]);
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task Programs_that_die_at_every_line_end_the_run(bool isFar)
    {
        RequireShell();
        ProgramRun run = new(InputMode.Line);
        RunOutcome outcome = await run.Run(isFar, "echo x >&2; exit 5", "exit 6", "exit 7");
        Assert.Equal(RunEnd.Failed, outcome.End);
        Assert.Equal("all die with 7 after ", Assert.IsType<WorkerStartException>(outcome.Failure).Subject);
        Assert.Equal(["Crashed 5", "Crashed 6", "Crashed 7"], run.Results.Select(result => result[..9]));
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task A_program_that_is_not_there_ends_the_run(bool isFar)
    {
        RequireShell();
        ProgramRun run = new(program: "/no/such/program");
        RunOutcome outcome = await run.Run(isFar, new ProgramItem("1"), new ProgramItem("2"));
        Assert.Equal(RunEnd.Failed, outcome.End);
        Assert.StartsWith("none can be started: ", (string)Assert.IsType<WorkerStartException>(outcome.Failure).Subject!, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task An_item_that_is_out_of_time_has_its_last_words_and_the_next_its_own_time(bool isFar)
    {
        RequireShell();
        ProgramRun run = new() { Batch = new BatchOptions { ThrottleLimit = 1, CollectResults = true, ItemTimeout = TimeSpan.FromSeconds(4) } };
        await run.Run(isFar, new ProgramItem("trap 'echo bye; exit 1' TERM; echo begun; while :; do :; done"), new ProgramItem("echo next"), new ProgramItem("echo last"));
        Assert.Equal(["TimedOut 1 [begun,bye]", "Succeeded 0 [next]", "Succeeded 0 [last]"], run.Results);
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task A_program_that_does_not_listen_is_killed_after_its_grace(bool isFar)
    {
        RequireShell();
        ProgramRun run = new(grace: TimeSpan.FromMilliseconds(100))
        {
            Batch = new BatchOptions { ThrottleLimit = 1, CollectResults = true, ItemTimeout = TimeSpan.FromSeconds(4) },
        };
        await run.Run(isFar, new ProgramItem("trap '' TERM; while :; do :; done"), new ProgramItem("echo next"));
        Assert.Equal(["TimedOut 137 []", "Succeeded 0 [next]"], run.Results);
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task A_run_that_is_stopped_hands_on_what_its_programs_say_until_they_are_gone(bool isFar)
    {
        RequireShell();
        ProgramRun run = new() { Batch = new BatchOptions { ThrottleLimit = 1 } };
        using BatchRun batch = run.Create(isFar);
        Task<RunOutcome> running = Batches.FeedToTheRest(batch, [new ProgramItem("trap 'echo bye; exit 1' TERM; echo begun; while :; do :; done")], run.Sink);
        run.Sink.WaitForCount(1);
        batch.Cancel();
        await Bounded.Await(running);
        Assert.Equal(["begun", "bye"], run.Sink.Output);
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task A_retry_begins_anew(bool isFar)
    {
        RequireShell();
        string mark = Path.Combine(Path.GetTempPath(), $"switchyard-{Guid.NewGuid():N}");
        ProgramRun run = new() { Batch = new BatchOptions { ThrottleLimit = 1, CollectResults = true, Retry = new RetryPolicy(1, TimeSpan.Zero) } };
        await run.Run(isFar, new ProgramItem($"if [ -e {mark} ]; then rm {mark}; echo second; else : > {mark}; printf first; exit 1; fi"));
        Assert.Equal(["Succeeded 0 [second]"], run.Results);
    }

    [Fact]
    public async Task A_far_end_that_dies_costs_its_item_and_its_output_is_handed_on()
    {
        RequireShell();
        ProgramRun run = new() { Batch = new BatchOptions { ThrottleLimit = 1, CollectResults = true } };
        using BatchRun batch = run.Create(isFar: true);
        string mark = Path.Combine(Path.GetTempPath(), $"switchyard-{Guid.NewGuid():N}");
        Task<RunOutcome> running = Batches.FeedToTheRest(
            batch, [new ProgramItem("echo before"), new ProgramItem($"printf partly; : > {mark}; while [ -e {mark} ]; do sleep 0.05; done"), new ProgramItem("echo after")], run.Sink);
        Bounded.Until(() => File.Exists(mark), "the program runs");
        Assert.Single(run.Ends!.All).Die(9);
        await Bounded.Await(running);

        // This process is not gone, as the remote worker's would be, and with it the program.
        File.Delete(mark);
        Assert.Equal("Succeeded 0 [before]", run.Results[0]);
        Assert.StartsWith("Crashed 137 [", run.Results[1], StringComparison.Ordinal);
        Assert.EndsWith("remote worker 1 died", run.Results[1], StringComparison.Ordinal);
        Assert.Equal("Succeeded 0 [after]", run.Results[2]);
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task Many_are_run_in_order(bool isFar)
    {
        RequireShell();
        ProgramRun run = new() { Batch = new BatchOptions { ThrottleLimit = 3, KeepOrder = true } };
        RunOutcome outcome = await run.Run(isFar, Enumerable.Range(0, 300).Select(number => new ProgramItem(number % 7 == 0 ? $"echo {number}; exit 1" : $"echo {number}")));
        Assert.Equal((300, 43), (outcome.Finished, outcome.Failed));
        Assert.Equal(Enumerable.Range(0, 300).Select(number => (object)$"{number}"), run.Sink.Output);
    }

    private static void RequireShell() => Assert.SkipUnless(File.Exists(Shell), "There is no shell.");
}
