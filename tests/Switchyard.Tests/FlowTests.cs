using System.Management.Automation;
using Switchyard.Tests.Harness;
using Xunit;

namespace Switchyard.Tests;

public sealed class FlowTests : CmdletTest
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(65)]
    public async Task The_throttle_is_exact(int limit)
    {
        using SemaphoreSlim release = new(0);
        using CountdownEvent started = new(limit);
        int running = 0;
        int most = 0;
        Action body = () =>
        {
            int now = Interlocked.Increment(ref running);
            InterlockedMax(ref most, now);
            if (!started.IsSet)
            {
                started.Signal();
            }

            release.Wait(Patience);
            Interlocked.Decrement(ref running);
        };
        Pipeline.Set(("body", body), ("limit", limit));
        using PowerShell shell = Pipeline.Create("1..200 | Invoke-ThreadedBatch { ($using:body).Invoke() } -ThrottleLimit $limit");
        Task<PSDataCollection<PSObject>> run = Task.Run(() => shell.InvokeAsync(), TestContext.Current.CancellationToken);

        // All that may run do run at the same time, and never one more.
        Assert.True(started.Wait(Patience, TestContext.Current.CancellationToken));
        release.Release(200);
        await run;
        Assert.Equal(limit, most);
    }

    [Fact]
    public void Order_is_kept_when_the_first_item_is_the_last_to_end()
    {
        using ManualResetEventSlim gate = new();
        HostedResult result = Run(
            """
            1..50 | Invoke-ThreadedBatch {
                if ($_ -eq 1) { $null = ($using:gate).Wait(30000) } elseif ($_ -eq 50) { ($using:gate).Set() }
                $_; "$_ again"
            } -KeepOrder -ThrottleLimit 4
            """,
            ("gate", gate));

        Assert.Equal(Enumerable.Range(1, 50).SelectMany(i => new object[] { i, $"{i} again" }), result.Values);
    }

    [Fact]
    public void A_hundred_thousand_items_come_back_once_each()
    {
        HostedResult result = Run("1..100000 | Invoke-ThreadedBatch { $_ } -ThrottleLimit 4");

        Assert.Equal(Enumerable.Range(1, 100_000), result.Values.Cast<int>().Order());
    }

    [Theory]
    [InlineData("")]
    [InlineData("-KeepOrder")]
    public void An_endless_input_ends_with_what_follows(string order)
    {
        HostedResult result = Run(
            $"& {{ $i = 0; while ($true) {{ ($i++) }} }} | Invoke-ThreadedBatch {{ $_ }} {order} | Select-Object -First 5");

        Assert.Equal(5, result.Values.Count);
        Assert.Null(result.Terminating);
    }

    [Fact]
    public void The_input_is_not_read_far_ahead_of_slow_items()
    {
        using ManualResetEventSlim gate = new();
        HostedResult result = Run(
            """
            $read = 0
            $null = & { while ($true) { ($script:read++) } } |
                Invoke-ThreadedBatch { $null = ($using:gate).Wait(50); $_ } -ThrottleLimit 2 | Select-Object -First 3
            $script:read
            """,
            ("gate", gate));

        Assert.InRange((int)Assert.Single(result.Values)!, 3, 200);
    }

    [Fact]
    public void A_downstream_that_throws_ends_the_batch()
    {
        HostedResult result = Run("1..100000 | Invoke-ThreadedBatch { $_ } | ForEach-Object { throw 'enough' }");

        Assert.Equal("enough", result.Terminating?.ToString());
    }

    [Fact]
    public void The_runs_timeout_is_one_error_that_says_what_was_running()
    {
        using ManualResetEventSlim never = new();
        HostedResult result = Run(
            "'quick', 'slow one', 'third' | Invoke-ThreadedBatch { $_; if ($_ -ne 'quick') { $null = ($using:never).Wait(60000) } } -TimeoutSeconds 1 -ThrottleLimit 1",
            ("never", never));

        ErrorRecord error = Assert.Single(result.Errors);
        Assert.StartsWith("Switchyard.RunTimedOut", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.IsType<TimeoutException>(error.Exception);
        Assert.Equal("slow one", error.TargetObject);
        Assert.Equal(["quick", "slow one"], result.Values);
    }

    [Fact]
    public void The_runs_timeout_ends_an_endless_input()
    {
        HostedResult result = Run("& { while ($true) { 1 } } | Invoke-ThreadedBatch { } -TimeoutSeconds 0.3; 'after'");

        Assert.IsType<TimeoutException>(Assert.Single(result.Errors).Exception);
        Assert.Equal("after", Assert.Single(result.Values));
    }

    [Fact]
    public async Task Stopping_ends_bodies_that_sleep_in_a_call()
    {
        using CountdownEvent started = new(8);
        Pipeline.Set(("started", started));
        using PowerShell shell = Pipeline.Create(
            "1..1000 | Invoke-ThreadedBatch { $null = ($using:started).Signal(); [Threading.Thread]::Sleep(60000) } -ThrottleLimit 8");
        Task run = Task.Run(() => shell.InvokeAsync(), TestContext.Current.CancellationToken);
        Assert.True(started.Wait(Patience, TestContext.Current.CancellationToken));

        shell.Stop();

        await Assert.ThrowsAsync<PipelineStoppedException>(() => run);
        Assert.Empty(shell.Streams.Warning);
    }

    [Fact]
    public async Task A_body_that_cannot_be_stopped_is_left_behind_with_one_warning()
    {
        // A spin on a volatile flag cannot be interrupted, as a call into native code cannot.
        using CountdownEvent started = new(2);
        bool release = false;
        Action deaf = () =>
        {
            started.Signal();
            while (!Volatile.Read(ref release))
            {
                Thread.SpinWait(1000);
                Thread.Yield();
            }
        };
        Pipeline.Set(("deaf", deaf));
        using PowerShell shell = Pipeline.Create("1..100 | Invoke-ThreadedBatch { ($using:deaf).Invoke() } -ThrottleLimit 2");
        Task run = Task.Run(() => shell.InvokeAsync(), TestContext.Current.CancellationToken);
        try
        {
            Assert.True(started.Wait(Patience, TestContext.Current.CancellationToken));
            shell.Stop();
            await Assert.ThrowsAsync<PipelineStoppedException>(() => run);
            Assert.Contains("2 of the batch's workers", Assert.Single(shell.Streams.Warning).Message, StringComparison.Ordinal);
        }
        finally
        {
            Volatile.Write(ref release, true);
        }
    }

    [Fact]
    public void Nested_batches_do_not_wait_for_each_other()
    {
        HostedResult result = Run(
            "1..8 | Invoke-ThreadedBatch { $o = $_; 1..8 | Invoke-ThreadedBatch { $using:o * $_ } -ThrottleLimit 2 } -ThrottleLimit 4");

        Assert.Equal(36 * 36, result.Values.Cast<int>().Sum());
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref target)) < value && Interlocked.CompareExchange(ref target, value, seen) != seen)
        {
        }
    }
}
