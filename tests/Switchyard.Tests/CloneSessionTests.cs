using System.Management.Automation;
using Switchyard.Tests.Harness;
using Xunit;

namespace Switchyard.Tests;

public sealed class CloneSessionTests : CmdletTest
{
    [Theory]
    [InlineData("function Get-It { 'it' }; 1 | Invoke-ThreadedBatch { Get-It } -CloneSession", "it")]
    [InlineData("filter Twice { $_ * 2 }; 4 | Invoke-ThreadedBatch { $_ | Twice } -CloneSession", "8")]
    [InlineData("function Get-It { 'it' }; Set-Alias it Get-It; 1 | Invoke-ThreadedBatch { it } -CloneSession", "it")]
    [InlineData("function Get-It { $shared }; $shared = 5; 1 | Invoke-ThreadedBatch { Get-It } -CloneSession", "5")]
    [InlineData("$global:a = 'global'; & { $a = 'local'; 1 | Invoke-ThreadedBatch { $a } -CloneSession }", "local")]
    [InlineData("$global:a = 'global'; & { 1 | Invoke-ThreadedBatch { $a } -CloneSession }", "global")]
    [InlineData("$private:a = 'seen'; 1 | Invoke-ThreadedBatch { $a } -CloneSession", "seen")]
    [InlineData("$private:a = 'hidden'; & { 1 | Invoke-ThreadedBatch { \"[$a]\" } -CloneSession }", "[]")]
    [InlineData("$v = 'clone'; 1 | Invoke-ThreadedBatch { $v } -CloneSession -Variable @{ v = 'named' }", "named")]
    [InlineData("[int]$v = 1; 1 | Invoke-ThreadedBatch { $v } -CloneSession -Variable @{ v = 'named' }", "named")]
    [InlineData("function Get-It { 'it' }; Set-Alias Get-It Get-Date; 1 | Invoke-ThreadedBatch { Get-It } -CloneSession -FunctionName Get-It", "it")]
    [InlineData("$OFS = '-'; 1 | Invoke-ThreadedBatch { \"$(1, 2)\" } -CloneSession", "1-2")]
    [InlineData("$FormatEnumerationLimit = 9; 1 | Invoke-ThreadedBatch { $FormatEnumerationLimit } -CloneSession", "9")]
    [InlineData("class Box { [int] $N = 3 }; 1 | Invoke-ThreadedBatch { ('Box' -as [type])::new().N } -CloneSession", "3")]
    [InlineData("$n = 1; 1 | Invoke-ThreadedBatch { $m = 2; 1 | Invoke-ThreadedBatch { $n + $m } -CloneSession } -CloneSession", "3")]
    [InlineData("function Get-It { 'it' }; 1 | Invoke-ThreadedBatch { 1 | Invoke-ThreadedBatch { Get-It } -CloneSession } -CloneSession", "it")]
    [InlineData("$n = 1; 1, 2 | Invoke-ThreadedBatch { \"$n$_\" } -CloneSession -FreshRunspace", "11,12")]
    public void A_body_finds_the_callers_session(string script, string expected)
    {
        HostedResult result = Run(script);

        Assert.Null(result.Terminating);
        Assert.Empty(result.Errors);
        Assert.Empty(result.Streams.Warning);
        Assert.Equal(expected, string.Join(',', result.Sorted));
    }

    [Theory]
    [InlineData("{ process { $a; $b; $i; $Loop; $body; $item } }")]
    [InlineData("{ [CmdletBinding()] param() $a; $b; $i; $Loop; $body; $item }")]
    [InlineData("{ $a; $b; $i; $Loop; $body; $item }")]
    public void No_name_of_ours_stands_in_front_of_the_callers(string body)
    {
        HostedResult result = Run(
            $"$a = 'a'; $b = 'b'; $i = 'i'; $Loop = 'loop'; $body = 'body'; $item = 'item'; 1 | Invoke-ThreadedBatch {body} -CloneSession");

        Assert.Equal(["a", "b", "i", "loop", "body", "item"], result.Values);
    }

    [Fact]
    public void A_value_is_the_same_object()
    {
        List<object> list = [];

        Run("1..20 | Invoke-ThreadedBatch { [System.Threading.Monitor]::Enter($list); $list.Add($_); [System.Threading.Monitor]::Exit($list) } -CloneSession", ("list", list));

        Assert.Equal(20, list.Count);
    }

    [Fact]
    public void A_constraint_holds_in_the_worker()
    {
        HostedResult result = Run("[int]$global:n = 5; 1 | Invoke-ThreadedBatch { $global:n = '7'; $n.GetType().Name; $global:n = 'x' } -CloneSession");

        Assert.Equal("Int32", Assert.Single(result.Values));
        Assert.Equal("RuntimeException", Assert.Single(result.Errors).FullyQualifiedErrorId);
    }

    [Fact]
    public void A_value_that_no_longer_meets_its_constraint_comes_without_it()
    {
        HostedResult result = Run(
            "[ValidateCount(0, 1)][Collections.ArrayList]$list = @(1); $null = $list.Add(2); 1 | Invoke-ThreadedBatch { $list.Count } -CloneSession");

        Assert.Null(result.Terminating);
        Assert.Equal(2, Assert.Single(result.Values));
    }

    [Fact]
    public void Script_blocks_are_left_out_with_one_warning()
    {
        HostedResult result = Run(
            "$one = { 1 }; $two = { 2 }; $n = 3; 1..8 | Invoke-ThreadedBatch { $null -eq $one; $n } -CloneSession -ThrottleLimit 4");

        string warning = Assert.Single(result.Streams.Warning).Message;
        Assert.Contains("$one", warning, StringComparison.Ordinal);
        Assert.Contains("$two", warning, StringComparison.Ordinal);
        Assert.Contains("-FunctionName", warning, StringComparison.Ordinal);
        Assert.Equal(8, result.Values.Count(value => value is true));
        Assert.Equal(8, result.Values.Count(value => value is 3));
    }

    [Fact]
    public void Default_parameter_values_are_copied_and_their_blocks_run_anywhere()
    {
        HostedResult result = Run("""
            function Get-It { [CmdletBinding()] param($A, $B) "$A$B" }
            $global:PSDefaultParameterValues = @{ 'Get-It:A' = 'a'; 'Get-It:B' = { 'b' }; '*:ErrorAction' = 'Stop' }
            1 | Invoke-ThreadedBatch { Get-It; $PSDefaultParameterValues.Clear() } -CloneSession
            $PSDefaultParameterValues.Count
            & { $PSDefaultParameterValues = @{ 'Get-It:A' = 'c'; 1 = 2; bad = 3 }; 1 | Invoke-ThreadedBatch { Get-It } -CloneSession }
            """);

        Assert.Equal(["ab", 3, "c"], result.Values);
    }

    [Fact]
    public void A_drive_of_the_callers_is_there_and_is_the_location()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            HostedResult result = Run(
                "$null = New-PSDrive ZZ FileSystem $folder; Set-Location ZZ:; 1 | Invoke-ThreadedBatch { \"$PWD\"; Test-Path ZZ:/ } -CloneSession",
                ("folder", folder));

            Assert.Equal(["ZZ:/", true], [result.Values[0]!.ToString()!.Replace('\\', '/'), result.Values[1]]);
            Assert.Empty(result.Streams.Warning);
        }
        finally
        {
            Directory.Delete(folder);
        }
    }

    [Fact]
    public void A_drive_that_cannot_be_made_is_one_warning()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        HostedResult result = Run(
            "$null = New-PSDrive ZZ FileSystem $folder; [IO.Directory]::Delete($folder); 1..8 | Invoke-ThreadedBatch { $_ } -CloneSession -FreshRunspace",
            ("folder", folder));

        Assert.Equal(8, result.Values.Count);
        Assert.Contains("ZZ:", Assert.Single(result.Streams.Warning).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_of_a_cloned_session_is_left_for_the_next_batch()
    {
        Run("""
            function Get-Left { }; Set-Alias lft Get-Left; $left = 1; class Left { }
            1..4 | Invoke-ThreadedBatch { } -CloneSession -ThrottleLimit 2
            """);
        HostedResult result = Run("""
            1..4 | Invoke-ThreadedBatch -ThrottleLimit 2 {
                "$left/$(Get-Command Get-Left -ErrorAction Ignore)/$(Get-Alias lft -ErrorAction Ignore)/$('Left' -as [type])"
            }
            """);

        Assert.Equal("///", Assert.Single(result.Values.Distinct()));
    }

    [Fact]
    public void What_is_made_in_a_worker_can_be_called_by_the_caller()
    {
        HostedResult result = Run("""
            class Box {
                [int] $N = 3
                [int] Twice() { return $this.N * 2 }
                static [string] Where() { return [runspace]::DefaultRunspace.InstanceId }
            }
            $here = [runspace]::DefaultRunspace.InstanceId
            $box = 1 | Invoke-ThreadedBatch { if ([Box]::Where() -ne "$here") { [Box]::new() } } -CloneSession
            $box.Twice(); [Box]::Where() -eq "$here"
            """);

        Assert.Empty(result.Errors);
        Assert.Equal([6, true], result.Values);
    }

    [Fact]
    public void Namespaces_of_the_caller_resolve()
    {
        string file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".ps1");
        File.WriteAllText(file, "using namespace System.Text\n1 | Invoke-ThreadedBatch { [StringBuilder]::new('x').ToString() } -CloneSession");
        try
        {
            Assert.Equal("x", Assert.Single(Run("& $file", ("file", file)).Values));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void It_is_no_way_out_of_constrained_language()
    {
        // A function that the session trusts runs in full language, in the caller's session only.
        using HostedPipeline pipeline = new();
        pipeline.Run("function global:Test-Trusted { $ExecutionContext.SessionState.LanguageMode; [IO.File]::Exists('x') }; $global:ExecutionContext.SessionState.LanguageMode = 'ConstrainedLanguage'");
        HostedResult caller = pipeline.Run("Test-Trusted");
        HostedResult worker = pipeline.Run("1 | Invoke-ThreadedBatch { Test-Trusted } -CloneSession");

        Assert.Equal(PSLanguageMode.FullLanguage, caller.Values[0]);
        Assert.Equal(PSLanguageMode.ConstrainedLanguage, Assert.Single(worker.Values));
        Assert.Single(worker.Errors);
    }

    [Fact]
    public void It_works_in_constrained_language()
    {
        using HostedPipeline constrained = new(PSLanguageMode.ConstrainedLanguage);
        HostedResult result = constrained.Run(
            "[int]$n = 1; function Get-It { $n }; Set-Alias it Get-It; 1 | Invoke-ThreadedBatch { it; $ExecutionContext.SessionState.LanguageMode } -CloneSession");

        Assert.Empty(result.Errors);
        Assert.Equal([1, PSLanguageMode.ConstrainedLanguage], result.Values);
    }

    [Fact]
    public void What_is_hidden_from_the_caller_stays_hidden()
    {
        HostedResult result = Run("""
            function Get-Hidden { 'hidden' }; (Get-Command Get-Hidden).Visibility = 'Private'
            $secret = 1; (Get-Variable secret).Visibility = 'Private'
            1 | Invoke-ThreadedBatch { "$secret/$(Get-Command Get-Hidden -ErrorAction Ignore)" } -CloneSession
            """);

        Assert.Equal("/", Assert.Single(result.Values));
    }
}
