using Switchyard.Core.Items;
using Switchyard.Tests.Harness;
using Xunit;

namespace Switchyard.Tests;

/// <summary>Programs through the cmdlets. The programs are Unix's; what is the same everywhere is tested in Core.</summary>
public sealed class ExecutableTests : CmdletTest
{
    public static TheoryData<string> Commands => ["Invoke-ThreadedBatch", "Invoke-ProcessBatch"];

    [Theory]
    [MemberData(nameof(Commands))]
    public void Each_element_is_one_argument_and_the_item_comes_last(string command)
    {
        SkipOnWindows();
        string[] items = ["a b", "it's", "say \"hi\"", "two\nlines", "-dash", "{}", "*", "$HOME", "ü 😀", "", new string('x', 100_000)];
        HostedResult result = Run($"$items | {command} -FilePath printf -ArgumentList '[%s]' -KeepOrder -AsByteStream -AsResult", ("items", items));

        Assert.Equal(items.Select(item => $"[{item}]"), result.Values.Cast<BatchResult>().Select(
            item => System.Text.Encoding.UTF8.GetString((byte[])item.Output)));
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_script_block_makes_an_argument_in_the_session_of_the_caller(string command)
    {
        SkipOnWindows();
        HostedResult result = Run($"1..3 | {command} -FilePath echo -ArgumentList 'x', {{ \"$_.$suffix\" }} -KeepOrder", ("suffix", "mp3"));

        Assert.Equal(["x 1.mp3", "x 2.mp3", "x 3.mp3"], result.Values);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void An_exit_code_fails_its_item_and_what_is_said_on_the_way_does_not(string command)
    {
        SkipOnWindows();
        HostedResult result = Run($"0, 3 | {command} -FilePath sh -ArgumentList '-c', 'echo talk >&2; exit $0', '{{}}' -AsResult -KeepOrder");

        BatchResult[] results = [.. result.Values.Cast<BatchResult>()];
        Assert.Equal([ItemStatus.Succeeded, ItemStatus.Failed], results.Select(item => item.Status));
        Assert.Equal([0, 3], results.Select(item => item.ExitCode));
        Assert.Equal("Switchyard.StandardError", Assert.Single(results[0].Errors).FullyQualifiedErrorId);
        Assert.Equal(["Switchyard.StandardError", "Switchyard.NonZeroExit"], results[1].Errors.Select(error => error.FullyQualifiedErrorId));
        Assert.All(results[1].Errors, error => Assert.Equal(3, error.TargetObject));
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void What_is_said_stops_nothing_under_error_action_stop_and_an_exit_code_does(string command)
    {
        SkipOnWindows();
        HostedResult said = Run($"1, 2 | {command} -FilePath sh -ArgumentList '-c', 'echo talk >&2; echo $0', '{{}}' -KeepOrder -ErrorAction Stop");
        Assert.Null(said.Terminating);
        Assert.Equal(["1", "2"], said.Values);
        Assert.Equal(2, said.Errors.Count);

        HostedResult failed = Run($"1 | {command} -FilePath false -ErrorAction Stop");
        Assert.Equal("Switchyard.NonZeroExit", failed.Terminating?.FullyQualifiedErrorId.Split(',')[0]);
    }

    [Theory]
    [InlineData("-FilePath no-such-program", "ExecutableNotFound")]
    [InlineData("-FilePath sh -WorkingDirectory /no/such/folder", "FolderNotFound")]
    [InlineData("-FilePath sh -Environment @{ 'a=b' = 1 }", "EnvironmentNameNotAllowed")]
    [InlineData("-FilePath cat -InputMode Line -ArgumentList '{}'", "ArgumentOfNoItem")]
    [InlineData("-FilePath cat -InputMode Line -AsByteStream", "ParametersExcludeEachOther")]
    [InlineData("-FilePath cat -AsByteStream -Encoding utf8", "ParametersExcludeEachOther")]
    [InlineData("-FilePath /etc/passwd", "FileNotExecutable")]
    public void What_cannot_be_is_one_terminating_error(string parameters, string id)
    {
        SkipOnWindows();
        HostedResult result = Run("1 | Invoke-ProcessBatch " + parameters);

        Assert.Equal("Switchyard." + id, result.Terminating?.FullyQualifiedErrorId.Split(',')[0]);
        Assert.Empty(result.Output);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_worker_is_asked_line_by_line(string command)
    {
        SkipOnWindows();
        const string Worker = "while read -r line; do [ $line = 3 ] && exit 7; echo \"<$line>\"; done";
        HostedResult result = Run(
            $"1..5 | {command} -FilePath sh -ArgumentList '-c', $worker -InputMode Line -AsResult -KeepOrder", ("worker", Worker));

        BatchResult[] results = [.. result.Values.Cast<BatchResult>()];
        Assert.Equal(["<1>", "<2>", "<4>", "<5>"], results.SelectMany(item => item.Output.Cast<object>()));
        Assert.Equal(ItemStatus.Crashed, results[2].Status);
        Assert.Equal(7, results[2].ExitCode);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_deadline_ends_the_child(string command)
    {
        SkipOnWindows();
        HostedResult result = Run($"1 | {command} -FilePath sh -ArgumentList '-c', 'exec sleep 1000' -ItemTimeoutSeconds 0.2 -AsResult");

        BatchResult only = Assert.IsType<BatchResult>(Assert.Single(result.Values));
        Assert.Equal(ItemStatus.TimedOut, only.Status);
        Assert.IsType<TimeoutException>(Assert.Single(only.Errors).Exception);
    }

    private static void SkipOnWindows() => Assert.SkipWhen(OperatingSystem.IsWindows(), "The programs are Unix's.");
}
