using Switchyard.Engine;
using Switchyard.Tests.Harness;
using Xunit;

namespace Switchyard.Tests.Bodies;

/// <summary>An item's scope is its own, although the object that holds it is taken again.</summary>
public sealed class ItemScopeTests : CmdletTest
{
    [Fact]
    public void This_engine_has_all_that_it_takes() => Assert.True(ReusedScope.IsUsed);

    [Theory]
    [InlineData("$left = 1", "$null -eq $left")]
    [InlineData("$local:left = 1", "$null -eq $left")]
    [InlineData("Set-Variable left 1", "$null -eq $left")]
    [InlineData("Set-Variable left 1 -Scope 0", "$null -eq (Get-Variable left -ErrorAction Ignore)")]
    [InlineData(". { $left = 1 }", "$null -eq $left")]
    [InlineData("$name = 'left'; Set-Variable $name 1", "$null -eq (Get-Variable left -ErrorAction Ignore)")]
    [InlineData("function left { 1 }", "$null -eq (Get-Command left -ErrorAction Ignore)")]
    [InlineData("Set-Alias left Get-Date", "$null -eq (Get-Command left -ErrorAction Ignore)")]
    [InlineData("New-PSDrive left FileSystem / > $null", "$null -eq (Get-PSDrive left -ErrorAction Ignore)")]
    [InlineData("Set-StrictMode -Version Latest", "$null -eq $undefined")]
    [InlineData("$ErrorActionPreference = 'Stop'", "$ErrorActionPreference -eq 'Continue'")]
    [InlineData("$PSDefaultParameterValues = @{ 'Join-Path:ChildPath' = 'left' }", "$PSDefaultParameterValues.Count -eq 0")]
    [InlineData("Set-Variable left 1; throw 'no'", "$null -eq $left")]
    [InlineData("Set-Variable left 1; exit", "$null -eq $left")]
    public void What_an_item_leaves_in_its_scope_is_not_there_for_the_next(string leave, string isGone)
    {
        HostedResult result = Run($$"""1..6 | Invoke-ThreadedBatch -ThrottleLimit 1 -KeepOrder -ErrorAction SilentlyContinue { if ($_ % 2) { {{leave}} } else { {{isGone}} } }""");

        Assert.Equal([true, true, true], result.Values.Where(value => value is not null));
    }

    [Fact]
    public void Automatic_variables_are_those_of_the_item() =>
        Assert.Equal(
            ["1 x y 2 1", "2 x y 2 2", "3 x y 2 3"],
            Run("1..3 | Invoke-ThreadedBatch -ThrottleLimit 1 { \"$_ $args $($args.Count) $PSItem\" } -ArgumentList x, y").Values);

    [Fact]
    public void A_function_of_the_body_sees_the_bodys_variables() =>
        Assert.Equal([2, 3, 4], Run("1..3 | Invoke-ThreadedBatch -ThrottleLimit 1 { $x = $_; function f { $x + 1 }; f }").Values);

    [Fact]
    public void A_closure_keeps_the_value_of_its_own_item() => Assert.Equal(
        [1, 2, 3],
        Run("1..3 | Invoke-ThreadedBatch -ThrottleLimit 1 { $x = $_; [pscustomobject]@{ Get = { $x }.GetNewClosure() } } | ForEach-Object { & $_.Get }").Values);

    [Fact]
    public void A_variable_that_was_handed_out_keeps_its_value() => Assert.Equal(
        [10, 20, 30],
        Run("1..3 | Invoke-ThreadedBatch -ThrottleLimit 1 { $x = $_ * 10; , (Get-Variable x) } | ForEach-Object Value").Values);

    [Fact]
    public void What_is_written_is_what_was_written_wrapped_or_not()
    {
        HostedResult result = Run("""
            1 | Invoke-ThreadedBatch {
                1; 'text'; $null; , (1, 2); [pscustomobject]@{ A = 1 }
                'noted' | Add-Member -NotePropertyName Note -NotePropertyValue 7 -PassThru
                Get-Item / | Add-Member -NotePropertyName Note -NotePropertyValue 8 -PassThru
                $named = [psobject]'named'; $named.PSTypeNames.Insert(0, 'My.Name'); $named
            } | ForEach-Object { if ($null -eq $_) { 'null' } else { '{0} {1} {2}' -f $_.PSTypeNames[0], $_.Count, $_.Note } }
            """);

        Assert.Equal(
            ["System.Int32 1 ", "System.String 1 ", "null", "System.Object[] 2 ", "System.Management.Automation.PSCustomObject 1 ", "System.String 1 7", "System.IO.DirectoryInfo 1 8", "My.Name 1 "],
            result.Values);
    }
}
