using System.Diagnostics;
using System.Globalization;
using Xunit;

namespace Switchyard.Tests.Host;

public sealed class StoppingTests
{
    private const string InterruptIgnored = "Whoever started this run lets it and its children ignore SIGINT.";

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public async Task A_signal_stops_the_script_and_its_finally_block_runs(string signal, int expected)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix signals.");
        Assert.SkipWhen(signal == "INT" && IsInterruptIgnored(), InterruptIgnored);
        using var marker = new ScriptFile(string.Empty, "marker.txt");
        using HostProcess host = HostProcess.Start(
            ["-Command", $"try {{ 'started'; Start-Sleep 100; 'after' }} finally {{ Set-Content '{marker.Path}' cleaned }}"]);
        Assert.Equal("started", await host.Output.ReadLineAsync(TestContext.Current.CancellationToken));

        await SendAsync(signal, host.Id);
        HostResult result = await host.FinishAsync();

        Assert.Equal(expected, result.ExitCode);
        Assert.Empty(result.Output);
        Assert.Empty(result.Error);
        Assert.Equal("cleaned", (await File.ReadAllTextAsync(marker.Path, TestContext.Current.CancellationToken)).Trim());
    }

    [Fact]
    public async Task A_second_interrupt_ends_a_script_that_cannot_be_stopped()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix signals.");
        Assert.SkipWhen(IsInterruptIgnored(), InterruptIgnored);
        using HostProcess host = HostProcess.Start(
            ["-Command", "$gate = [Threading.ManualResetEvent]::new($false); 'started'; while ($true) { try { $null = $gate.WaitOne() } finally { $null = $gate.WaitOne() } }"]);
        Assert.Equal("started", await host.Output.ReadLineAsync(TestContext.Current.CancellationToken));

        // Two signals at once are one to the system, so the second is sent until it has been heard.
        await SendAsync("INT", host.Id);
        Task<HostResult> finish = host.FinishAsync();
        while (await Task.WhenAny(finish, Task.Delay(500, TestContext.Current.CancellationToken)) != finish)
        {
            await SendAsync("INT", host.Id);
        }

        HostResult result = await finish;

        Assert.Equal(130, result.ExitCode);
    }

    [Fact]
    public async Task A_reader_that_goes_away_ends_an_endless_script_quietly()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no broken pipe signal.");
        using HostProcess host = HostProcess.Start(["-Command", "$i = 0; while ($true) { $i++; $i }"]);
        Assert.Equal("1", await host.Output.ReadLineAsync(TestContext.Current.CancellationToken));

        host.Output.BaseStream.Close();
        HostResult result = await host.FinishClosedAsync();

        Assert.Equal(141, result.ExitCode);
        Assert.Empty(result.Error);
    }

    [Fact]
    public async Task A_stuck_background_thread_does_not_hold_the_process()
    {
        HostResult result = await HostProcess.CommandAsync(
            "$shell = [powershell]::Create(); $null = $shell.AddScript('[Threading.Thread]::Sleep(-1)').BeginInvoke(); 'done'");

        Assert.Equal("done\n", result.Output);
        Assert.Equal(0, result.ExitCode);
    }

    private static async Task SendAsync(string signal, int id)
    {
        using Process kill = Process.Start("kill", ["-" + signal, id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Whether SIGINT is ignored here, as a shell makes it for what it starts in the background: children inherit that.</summary>
    private static bool IsInterruptIgnored()
    {
        const string status = "/proc/self/status";
        string? mask = File.Exists(status)
            ? File.ReadLines(status).FirstOrDefault(line => line.StartsWith("SigIgn:", StringComparison.Ordinal))
            : null;
        return mask is not null
            && (ulong.Parse(mask.AsSpan("SigIgn:".Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & 2) != 0;
    }
}
