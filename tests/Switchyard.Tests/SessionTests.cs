using System.Management.Automation;
using Switchyard.Runspaces;
using Switchyard.Tests.Harness;
using Xunit;

namespace Switchyard.Tests;

public sealed class SessionTests : CmdletTest
{
    [Theory]
    [InlineData("$x = 5; 1 | Invoke-ThreadedBatch { $using:x }", "5")]
    [InlineData("$h = @{ a = @{ b = 1, 2, 3 } }; 1 | Invoke-ThreadedBatch { $using:h['a']['b'][1] }", "2")]
    [InlineData("$h = @{ a = @{ b = 1, 2, 3 } }; 1 | Invoke-ThreadedBatch { $using:h.a.b.Count }", "3")]
    [InlineData("$a = 1, 2, 3; 1 | Invoke-ThreadedBatch { $using:a[-1] }", "3")]
    [InlineData("$x = 5; 1 | Invoke-ThreadedBatch { & { $using:x } }", "5")]
    [InlineData("$env:SWY = 'e'; 1 | Invoke-ThreadedBatch { $using:env:SWY }", "e")]
    [InlineData("$x = $null; 1 | Invoke-ThreadedBatch { \"[$using:x]\" }", "[]")]
    [InlineData("$x = 'outer'; 1 | Invoke-ThreadedBatch { $x = 'inner'; 1 | Invoke-ThreadedBatch { $using:x } }", "inner")]
    [InlineData("$x = 'outer'; 1 | Invoke-ThreadedBatch { $x = 'inner'; 1 | Invoke-ThreadedBatch { param($a) $a } -ArgumentList $using:x }", "outer")]
    [InlineData("1 | Invoke-ThreadedBatch { $x = 'in'; $b = { $using:x }; 1 | Invoke-ThreadedBatch $b }", "in")]
    [InlineData("$x = 7; 1 | Invoke-ThreadedBatch { $y } -InitializationScript { $y = $using:x }", "7")]
    [InlineData("1 | Invoke-ThreadedBatch { $v } -Variable @{ v = 3 }", "3")]
    [InlineData("function Get-It { 'it' }; 1 | Invoke-ThreadedBatch { Get-It } -FunctionName Get-It", "it")]
    [InlineData("filter Twice { $_ * 2 }; 4 | Invoke-ThreadedBatch { $_ | Twice } -FunctionName Twice", "8")]
    [InlineData("function Add($a, $b) { $a + $b }; 4 | Invoke-ThreadedBatch { Add $_ 1 } -FunctionName Add", "5")]
    [InlineData("1 | Invoke-ThreadedBatch { Get-It } -InitializationScript { function Get-It { 'init' } }", "init")]
    [InlineData("2 | Invoke-ThreadedBatch { param($a, $b) \"$_$a$b\" } -ArgumentList 'x', 'y'", "2xy")]
    [InlineData("2 | Invoke-ThreadedBatch { \"$_$($args -join '')\" } -ArgumentList 'x', 'y'", "2xy")]
    [InlineData("2 | Invoke-ThreadedBatch { begin { 'b' } process { $_ } end { 'e' } }", "2,b,e")]
    [InlineData("2 | Invoke-ThreadedBatch { process { $_ * 3 } }", "6")]
    [InlineData("2 | Invoke-ThreadedBatch { [CmdletBinding()] param($a) \"$a$_\" } -ArgumentList 'x'", "x2")]
    [InlineData("2 | Invoke-ThreadedBatch { trap { 'trapped'; continue } throw 'x' }", "trapped")]
    [InlineData("2 | Invoke-ThreadedBatch { try { throw 'x' } catch { 'caught' } finally { 'done' } }", "caught,done")]
    [InlineData("function Twice { $_ * 2 }; 4 | Invoke-ThreadedBatch ${function:Twice}", "8")]
    [InlineData("Invoke-ThreadedBatch { 'once' }", "once")]
    [InlineData("@() | Invoke-ThreadedBatch { 'never' }", "")]
    public void A_body_finds_what_it_was_given(string script, string expected)
    {
        HostedResult result = Run(script);

        Assert.Null(result.Terminating);
        Assert.Empty(result.Errors);
        Assert.Equal(expected, string.Join(',', result.Sorted));
    }

    [Fact]
    public void Variables_of_one_item_are_not_seen_by_the_next()
    {
        HostedResult result = Run("1..5 | Invoke-ThreadedBatch { [bool]$mine; $mine = $true } -ThrottleLimit 1");

        Assert.All(result.Values, value => Assert.False((bool)value!));
    }

    [Fact]
    public void What_one_batch_leaves_in_a_session_the_next_does_not_find()
    {
        const string look =
            "1..4 | Invoke-ThreadedBatch { \"$global:left/$(Get-Command Left -ErrorAction Ignore)/$(Get-Alias lft -ErrorAction Ignore)/$((Get-Location).Path -eq $using:PWD.Path)\" } -ThrottleLimit 1";
        Run("1 | Invoke-ThreadedBatch { $global:left = 1 } -ThrottleLimit 1");
        Assert.Equal("///True", Assert.Single(Run(look).Values.Distinct()));
        Run("1 | Invoke-ThreadedBatch { function global:Left { } } -ThrottleLimit 1");
        Assert.Equal("///True", Assert.Single(Run(look).Values.Distinct()));
        Run("1 | Invoke-ThreadedBatch { Set-Alias lft Get-Item -Scope Global } -ThrottleLimit 1");
        Assert.Equal("///True", Assert.Single(Run(look).Values.Distinct()));
        Run("1 | Invoke-ThreadedBatch { Set-Location / } -ThrottleLimit 1");
        Assert.Equal("///True", Assert.Single(Run(look).Values.Distinct()));
    }

    [Fact]
    public void Each_item_starts_at_the_callers_location()
    {
        string folder = Directory.CreateTempSubdirectory("a [b] ").FullName;
        try
        {
            HostedResult result = Run(
                "Set-Location -LiteralPath $folder; 1..3 | Invoke-ThreadedBatch { (Get-Location).Path; Set-Location / } -ThrottleLimit 1",
                ("folder", folder));

            Assert.Equal([folder, folder, folder], result.Values);
        }
        finally
        {
            Directory.Delete(folder);
        }
    }

    [Fact]
    public void A_drive_of_the_callers_own_falls_back_to_the_path_behind_it()
    {
        HostedResult result = Run(
            "$null = New-PSDrive -Name ZZ -PSProvider FileSystem -Root $root; Set-Location ZZ:; 1 | Invoke-ThreadedBatch { (Get-Location).Path }",
            ("root", Path.GetTempPath()));

        Assert.Equal(Path.GetTempPath().TrimEnd('/', '\\'), Assert.Single(result.Values)!.ToString()!.TrimEnd('/', '\\'));
    }

    [Fact]
    public void Initialization_runs_once_in_each_worker()
    {
        HostedResult result = Run(
            "1..200 | Invoke-ThreadedBatch { $id } -InitializationScript { $id = [guid]::NewGuid() } -ThrottleLimit 3");

        Assert.Equal(200, result.Values.Count);
        Assert.InRange(result.Values.Distinct().Count(), 1, 3);
    }

    [Fact]
    public void A_fresh_runspace_is_one_for_each_item()
    {
        HostedResult result = Run("1..6 | Invoke-ThreadedBatch { [runspace]::DefaultRunspace.InstanceId } -FreshRunspace -ThrottleLimit 2");

        Assert.Equal(6, result.Values.Distinct().Count());
    }

    [Fact]
    public void Workers_run_in_the_callers_language_mode()
    {
        using HostedPipeline constrained = new(PSLanguageMode.ConstrainedLanguage);
        HostedResult result = constrained.Run(
            "1 | Invoke-ThreadedBatch { $ExecutionContext.SessionState.LanguageMode }; 1 | Invoke-ThreadedBatch { [IO.File]::Exists('x') }");

        Assert.Equal(PSLanguageMode.ConstrainedLanguage, Assert.Single(result.Values));
        Assert.Single(result.Errors);
    }

    [Fact]
    public void A_constrained_session_is_not_used_again()
    {
        // The pool holds sessions for one kind of caller at a time.
        WarmRunspacePool.Shared.Clear();
        using HostedPipeline constrained = new(PSLanguageMode.ConstrainedLanguage);
        HostedResult result = constrained.Run("foreach ($round in 1..3) { 1 | Invoke-ThreadedBatch { $_ } }");

        Assert.Null(result.Terminating);
        Assert.Equal([1, 1, 1], result.Values);
    }

    [Fact]
    public void Nothing_runs_under_WhatIf()
    {
        HostedResult result = Run("1..3 | Invoke-ThreadedBatch { 'ran' } -WhatIf");

        Assert.Empty(result.Output);
        Assert.Empty(result.Errors);
    }
}
