using System.Management.Automation;
using Switchyard.Core.Items;
using Switchyard.Core.RemoteWorkers.Client;
using Switchyard.Tests.Harness;
using Xunit;

namespace Switchyard.Tests;

/// <summary>Script blocks on real worker processes, which are the project's own host.</summary>
public sealed class ProcessBatchTests : CmdletTest
{
    private static readonly string _host =
        Path.Combine(Repository.Root, "out", "Switchyard.Host", OperatingSystem.IsWindows() ? "Switchyard.Host.exe" : "Switchyard.Host");

    [Fact]
    public void Items_run_in_other_processes_and_come_back_live()
    {
        HostedResult result = Batch("@{ a = 1 }, [version]'1.2', [uri]'https://example.org/x', $null, 'text', [datetime]::new(2026, 1, 2) |", "{ if ([Environment]::ProcessId -ne $own) { , $_ } }", "-KeepOrder -Variable @{ own = [Environment]::ProcessId }");
        Assert.Null(result.Terminating);
        Assert.Empty(result.Errors);
        Assert.Equal(
            [typeof(System.Collections.Hashtable), typeof(Version), typeof(Uri), null, typeof(string), typeof(DateTime)],
            result.Values.Select(value => value?.GetType()));
    }

    [Fact]
    public void Each_stream_keeps_what_it_carries()
    {
        HostedResult result = Batch("7 |", "{ Write-Warning 'w'; Write-Verbose 'v'; [int]'no number'; throw [System.IO.FileNotFoundException]::new('gone') }", "-Verbose");
        Assert.Equal("w", Assert.Single(result.Streams.Warning).Message);
        Assert.Contains(result.Streams.Verbose, record => record.Message == "v");
        Assert.Equal(2, result.Errors.Count);
        Assert.Equal("InvalidCastFromStringToInteger", result.Errors[0].FullyQualifiedErrorId);
        Assert.Equal("gone", Assert.IsType<FileNotFoundException>(result.Errors[1].Exception).Message);
        Assert.All(result.Errors, error => Assert.Equal(7, error.TargetObject));
        Assert.All(result.Errors, error => Assert.Contains("line:1", error.InvocationInfo.PositionMessage, StringComparison.Ordinal));
    }

    [Fact]
    public void An_item_that_cannot_be_run_has_its_result_and_its_place()
    {
        HostedResult result = Batch("1, { 2 }, 3 |", "{ $_ }", "-AsResult -KeepOrder");
        Assert.Empty(result.Errors);
        BatchResult[] results = [.. result.Values.Cast<BatchResult>()];
        Assert.Equal([ItemStatus.Succeeded, ItemStatus.Failed, ItemStatus.Succeeded], results.Select(item => item.Status));
        ErrorRecord error = Assert.IsType<ErrorRecord>(Assert.Single(results[1].Errors));
        Assert.StartsWith("Switchyard.ScriptBlockNotAllowed", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.IsType<ScriptBlock>(((PSObject)results[1].InputObject!).BaseObject);
    }

    [Fact]
    public void What_has_its_value_only_in_the_callers_session_arrives_with_it()
    {
        HostedResult result = Batch(
            "$offset = 40; $custom = [pscustomobject]@{ a = 2 }; $custom.PSObject.Members.Add([psscriptproperty]::new('Sum', { $this.a + $offset })); $custom, (Get-Process -Id $PID) |",
            "{ \"$($_.Sum)|$($_.Id)|$($_.WS -gt 0)|$($_.Path.Length -gt 0)\" }",
            "-KeepOrder");
        Assert.Empty(result.Errors);
        Assert.Equal(["42||False|False", $"|{Environment.ProcessId}|True|True"], result.Values);
        HostedResult results = Batch("Get-Process -Id $PID |", "{ 1 }", "-AsResult");
        Assert.IsType<System.Diagnostics.Process>(Assert.IsType<PSObject>(Assert.IsType<BatchResult>(Assert.Single(results.Values)).InputObject).BaseObject);
    }

    [Fact]
    public void What_can_be_enumerated_only_once_arrives_whole()
    {
        HostedResult result = Batch(
            "$items = foreach ($n in 1, 2) { $c = [System.Collections.Concurrent.BlockingCollection[int]]::new(); 1..3 | ForEach-Object { $c.Add($_) }; $c.CompleteAdding(); , $c.GetConsumingEnumerable() }; $items |",
            "{ @($_).Count }",
            "-KeepOrder");
        Assert.Equal([3, 3], result.Values);
    }

    [Fact]
    public void A_death_costs_its_item_and_names_how()
    {
        HostedResult result = Batch("1..20 |", "{ if ($_ -eq 5) { [Environment]::Exit(7) }; $_ }", "-AsResult -KeepOrder -ThrottleLimit 2");
        BatchResult[] results = [.. result.Values.Cast<BatchResult>()];
        Assert.Equal(20, results.Length);
        Assert.Equal([ItemStatus.Crashed], results.Where(item => item.Status != ItemStatus.Succeeded).Select(item => item.Status));
        Assert.Equal(7, results[4].ExitCode);
        Assert.Equal("Switchyard.WorkerCrashed", Assert.Single(results[4].Errors).FullyQualifiedErrorId);
    }

    [Fact]
    public void The_next_batch_uses_the_same_worker_and_finds_nothing_of_the_last()
    {
        object?[] left = [.. Batch("1 |", "{ $global:left = 1; function global:Left {}; $env:LEFT = '1'; [Environment]::CurrentDirectory = '/'; [Environment]::ProcessId }", "-ThrottleLimit 1", reuse: true).Values];
        object?[] found = [.. Batch("1 |", "{ [Environment]::ProcessId; \"$global:left\"; \"$(Get-Command Left -ErrorAction Ignore)\"; \"$env:LEFT\"; [Environment]::CurrentDirectory }", "-ThrottleLimit 1", reuse: true).Values];
        Assert.NotEqual(Environment.ProcessId, Assert.IsType<int>(left[0]));
        Assert.Equal(left[0], found[0]);
        Assert.Equal(["", "", "", Environment.CurrentDirectory], found[1..]);
        RemoteWorkerPool.Shared.Clear();
    }

    [Fact]
    public void A_constrained_caller_has_constrained_workers_whoever_used_them_before()
    {
        Assert.Equal([true], Batch("1 |", "{ [IO.Path]::IsPathRooted('/') }", "-ThrottleLimit 1", reuse: true).Values);
        using HostedPipeline constrained = new(PSLanguageMode.ConstrainedLanguage);
        HostedResult result = constrained.Run($"1 | Invoke-ProcessBatch {{ [IO.Path]::IsPathRooted('/') }} -PowerShellPath '{_host}' -ThrottleLimit 1");
        Assert.Empty(result.Values);
        Assert.Equal("MethodInvocationNotSupportedInConstrainedLanguage", Assert.Single(result.Errors).FullyQualifiedErrorId);
        RemoteWorkerPool.Shared.Clear();
    }

    [Fact]
    public void A_deaf_item_is_ended_with_its_process_at_its_deadline()
    {
        HostedResult result = Batch(
            "1..6 |",
            "{ if ($_ -eq 3) { [System.Threading.SpinWait]::SpinUntil([Func[bool]] { $false }, 60000) }; if ($_ -eq 4) { [regex]::IsMatch('a' * 40, '^(a+)+$b') }; $_ }",
            "-ItemTimeoutSeconds 2 -ThrottleLimit 2 -AsResult -KeepOrder");
        Assert.Equal(
            [ItemStatus.Succeeded, ItemStatus.Succeeded, ItemStatus.TimedOut, ItemStatus.TimedOut, ItemStatus.Succeeded, ItemStatus.Succeeded],
            result.Values.Cast<BatchResult>().Select(item => item.Status));
    }

    [Fact]
    public void Workers_that_are_none_are_one_error()
    {
        SkipOnWindows();
        HostedResult result = Run("1..5 | Invoke-ProcessBatch { $_ } -PowerShellPath /bin/false");
        Assert.Equal("Switchyard.WorkerNotStarted,Switchyard.Commands.InvokeProcessBatchCommand", result.Terminating?.FullyQualifiedErrorId);
        result = Run("1..5 | Invoke-ProcessBatch { $_ } -PowerShellPath /nonesuch/pwsh");
        Assert.Equal("Switchyard.PowerShellPathNotFound,Switchyard.Commands.InvokeProcessBatchCommand", result.Terminating?.FullyQualifiedErrorId);
    }

    private static void SkipOnWindows() => Assert.SkipWhen(OperatingSystem.IsWindows(), "The programs are Unix's.");

    private HostedResult Batch(string input, string body, string parameters, bool reuse = false) =>
        Run($"{input} Invoke-ProcessBatch {body} -PowerShellPath '{_host}' {(reuse ? "" : "-NoReuse")} {parameters}");
}
