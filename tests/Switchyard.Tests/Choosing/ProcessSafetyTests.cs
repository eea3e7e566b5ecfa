using System.Management.Automation;
using Switchyard.Choosing;
using Xunit;

namespace Switchyard.Tests.Choosing;

/// <summary>What is judged besides the body's own text.</summary>
public sealed class ProcessSafetyTests(GivenSession session) : SafetyTests(session)
{
    [Fact]
    public void What_the_caller_changes_while_it_runs_is_seen()
    {
        foreach ((string body, Action<System.Collections.Hashtable> change) in new (string, Action<System.Collections.Hashtable>)[]
        {
            ("$v.Stop", table => table["Stop"] = true),
            ("$v.Count", table => table.Clear()),
            ("$env:SWITCHYARD_TEST_STAGE", _ => Environment.SetEnvironmentVariable("SWITCHYARD_TEST_STAGE", "2")),
        })
        {
            System.Collections.Hashtable table = new() { ["Stop"] = false };
            ProcessSafety safety = Make(body, null, null, new() { ["v"] = table }, []);
            Assert.Null(safety.WhyThreads ?? safety.WhyThreadsFor("a"));
            change(table);
            Assert.NotNull(safety.WhyThreadsFor("a"));
        }

        Environment.SetEnvironmentVariable("SWITCHYARD_TEST_STAGE", null);
    }

    [Fact]
    public void Items_in_groups_are_judged_by_themselves()
    {
        Assert.Null(JudgeGroup("foreach ($f in $_) { $f.Name }; $_.Count; $_[0].Name", "$file"));
        Assert.Null(JudgeGroup("$_ | ForEach-Object { $_.Name.ToUpper() }", "$csv"));
        Assert.NotNull(JudgeGroup("foreach ($f in $_) { $f.Name = 1 }", "$csv"));
        Assert.NotNull(JudgeGroup("$_[0].Name = 1", "$csv"));
        Assert.NotNull(JudgeGroup("$a = @($_); $a | Where-Object Name | ForEach-Object { $_.Name = 1 }", "$csv"));
        Assert.NotNull(JudgeGroup("$_", "$csv"));
    }

    [Fact]
    public void Functions_are_judged_by_what_they_do()
    {
        Dictionary<string, ScriptBlock> functions = new() { ["Get-One"] = ScriptBlock.Create("param($x) Get-Two $x"), ["Get-Two"] = ScriptBlock.Create("param($y) $y.Length") };
        Assert.Null(Judge("Get-One $_", "'a'", functions: functions));
        functions["Get-Two"] = ScriptBlock.Create("param($y) $env:X = $y");
        Assert.NotNull(Judge("Get-One $_", "'a'", functions: functions));
        functions["Get-Two"] = ScriptBlock.Create("param($y) $y.Name = 1");
        Assert.NotNull(Judge("Get-One $_", "$csv", functions: functions));
        Assert.Null(Judge("Get-One $_", "'a'", functions: functions));
    }

    [Fact]
    public void What_prepares_a_session_may_set_its_variables()
    {
        ScriptBlock first = ScriptBlock.Create("$r = [regex]'a'; $global:sha = [Security.Cryptography.SHA256]::Create(); $seen = @{}; function Get-X { $r.Match('a').Value }");
        Assert.Null(Judge("$r.Match($_).Index; Get-X", "'a'", first));
        Assert.NotNull(Judge("$seen[$_] = 1", "'a'", first));
        Assert.NotNull(Judge("1", "'a'", ScriptBlock.Create("Add-Type 'public class X { }'")));
    }

    [Fact]
    public void What_a_worker_sums_up_is_its_own_and_what_writes_it_is_judged_as_the_body_is()
    {
        Assert.Null(JudgeSums("$worker.Sum += $_.Length; $worker[$_]++", "$worker.Sum; $worker", "'a'"));
        Assert.NotNull(JudgeSums("$worker.Sum += $_.Length", "$global:total = $worker.Sum", "'a'"));
        Assert.NotNull(JudgeSums("$worker.Sum += $_.Length", "$PID", "'a'"));
        Assert.NotNull(JudgeSums("$worker.Last = $_", "$worker.Last", "$csv"));
        Assert.Null(JudgeSums("$worker.Last = $_.Name", "$worker.Sum", "$csv"));
    }

    [Fact]
    public void Variables_and_arguments_are_given_as_values_are()
    {
        Assert.Null(Judge("param($t) $t[$_]", "'a'", arguments: [Value("$table")]));
        Assert.NotNull(Judge("param($t) $t[$_] = 1", "'a'", arguments: [Value("$table")]));
        Assert.NotNull(Judge("$args[0].c = 1", "'a'", arguments: [Value("$table")]));
        Assert.Null(Judge("$v[$_]", "'a'", variables: new() { ["v"] = Value("$table") }));
        Assert.NotNull(Judge("$v[$_] = 1", "'a'", variables: new() { ["v"] = Value("$table") }));
        Assert.NotNull(Judge("1", "'a'", variables: new() { ["v"] = Value("$process") }));
    }

    [Theory]
    [InlineData("1, 'x', 2.5, [datetime]::Now, [guid]::NewGuid(), [DayOfWeek]::Friday, [version]'1.2', $table, $list, $csv, $object, $file, $names, $null", true)]
    [InlineData("$process", false)]
    [InlineData("$builder", false)]
    [InlineData("$xml", false)]
    [InlineData("$bag", false)]
    [InlineData("$method", false)]
    [InlineData("@{ a = $process }", false)]
    [InlineData("[pscustomobject]@{ a = @{ b = $stream } }", false)]
    [InlineData("(Select-String -InputObject 'x' -Pattern 'x')", false)]
    [InlineData("(Get-Date | Get-Member)[0]", false)]
    [InlineData("$(enum Colour { Red }; [Colour]::Red)", false)]
    [InlineData("$(class Thing { $N = 1 }; [Thing]::new())", false)]
    [InlineData("$(try { 1 / 0 } catch { $_ })", true)]
    public void Outputs_arrive_or_stay(string outputs, bool arrive)
    {
        ProcessSafety safety = Make("1", null, null, null, []);
        foreach (PSObject? output in Values(outputs))
        {
            Assert.Equal(arrive, safety.WhyThreadsForOutput(output) is null);
        }
    }

    private static string? JudgeGroup(string body, string item)
    {
        ProcessSafety safety = new(ScriptBlock.Create(body), null, Settings([], null, null), [], isGrouped: true);
        return safety.WhyThreads ?? safety.WhyThreadsFor(Value(item));
    }

    private static IEnumerable<PSObject?> Values(string expression)
    {
        using PowerShell evaluated = PowerShell.Create(RunspaceMode.CurrentRunspace).AddScript(expression, useLocalScope: false);
        return [.. evaluated.Invoke()];
    }

    private static string? JudgeSums(string body, string completion, string item)
    {
        ProcessSafety safety = new(ScriptBlock.Create(body), null, Settings([], null, null) with { Completion = ScriptBlock.Create(completion) }, []);
        return safety.WhyThreads ?? safety.WhyThreadsFor(Value(item));
    }
}
