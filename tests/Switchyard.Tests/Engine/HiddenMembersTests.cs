using System.Collections;
using System.Collections.Specialized;
using System.Management.Automation;
using Switchyard.Engine;
using Xunit;

namespace Switchyard.Tests.Engine;

/// <summary>What the engine keeps to itself may be gone in its next version: then all is slower, and nothing is wrong or without end.</summary>
[Collection(ModuleCopies.Name)]
public sealed class HiddenMembersTests
{
    // Long after the longest, which reads an input without end for some seconds; only a failing test waits for it.
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(60);

    // Of those only the steps are made that run a body in the engine's place, so that one of them stands for all.
    private static readonly string[] _ofSteps =
    [
        "Language.FunctionContext", "MutableTuple", "SessionStateScope.GetAutomaticVariableValue", "SessionStateScope.LocalsTuple", "SessionStateInternal.RemoveScope",
        "ScriptBlock.GetCodeToInvoke", "ScriptBlock.Log", "ScriptBlock.MakeLocals", "ScriptBlock.SetPS", "ScriptBlock.LanguageMode", "ScriptBlock.File",
        "ScriptBlock.Debugger", "ScriptBlock.SequencePoints", "ExecutionContext.ShellFunction", "ExecutionContext.External", "ExecutionContext.LanguageMode",
        "ExecutionContext.CurrentRunspace", "ExecutionContext._debuggingMode",
    ];

    // What a class of a script's is to a worker, no public way tells: what its members are missing for is an error of the item's.
    private const string Checks = """
        $ErrorActionPreference = 'Continue'
        '1 ' + ((1..30 | Invoke-ThreadedBatch { $_ * 2 } -KeepOrder) -join ' ')
        '2 ' + ((1..5 | Invoke-ThreadedBatch -KeepOrder -ErrorAction SilentlyContinue -ErrorVariable failed {
            "a$_"; if ($_ -eq 2) { throw 'two' }; if ($_ -eq 3) { break }; if ($_ -eq 4) { exit }; 1 / ($_ - 5); "b$_"
        }) -join ' ')
        $failed | ForEach-Object { '3 ' + $_.TargetObject + ' ' + $_.Exception.Message }
        '4 ' + ((1..3 | Invoke-ThreadedBatch -KeepOrder -ThrottleLimit 2 { param($x, [int]$y) "$x $y $_" } -ArgumentList a, 2) -join '|')
        '5 ' + ((1..3 | Invoke-ThreadedBatch -KeepOrder { begin { 'b' } process { "p$_" } end { 'e' } }) -join '|')
        '6 ' + ((1, $null, (, 7) | Invoke-ThreadedBatch -KeepOrder { , @($_, 1); $null }).ForEach({ "[$_]" }) -join '|')

        $read = 0
        try { & { while ($true) { $script:read++; $script:read } } | Invoke-ThreadedBatch -MaxFailures 3 -ErrorAction SilentlyContinue -ErrorVariable failed { throw 'no' } } catch { $over = $_.FullyQualifiedErrorId }
        '7 ' + @($failed | Where-Object FullyQualifiedErrorId -like 'Switchyard.TooManyFailures*').Count + ($over -replace 'Switchyard.InputNotStopped.*')
        '8 ' + ((1..2000 | Invoke-ThreadedBatch -ThrottleLimit 1 -MaxFailures 2 -ErrorAction SilentlyContinue { "$_"; throw 'no' } | ForEach-Object { $_ } -End { 'end' }) -join ' ')

        function Get-Twice($x) { $x * 2 }
        Set-Alias twice Get-Twice
        $five = 5
        & { $inner = 6; '9 ' + ((1..3 | Invoke-ThreadedBatch -KeepOrder -CloneSession { twice ($_ + $five + $inner) }) -join ' ') }
        '10 ' + ((1..3 | Invoke-ThreadedBatch -KeepOrder -FunctionName Get-Twice { Get-Twice $_ }) -join ' ')

        '11 ' + ((1..3 | Invoke-ThreadedBatch -ThrottleLimit 1 -ErrorAction SilentlyContinue {
            $path = $ExecutionContext.SessionState.Path
            "$? $($error.Count) $($path.LocationStack('').Count) $($path.CurrentLocation)"
            $path.PushCurrentLocation('default')
            $null = $path.SetLocation([System.IO.Path]::GetTempPath())
            1 / 0
        }) -eq (1 | Invoke-ThreadedBatch { "True 0 0 $($ExecutionContext.SessionState.Path.CurrentLocation)" })).Count
        1 | Invoke-ThreadedBatch { function global:Left { 1 }; $global:left = 1 }
        '12 ' + (1..4 | Invoke-ThreadedBatch { "$left" + (Get-Command Left -ErrorAction Ignore) })

        $counter = New-SharedState -Kind Counter
        $queue = New-SharedState -Kind Queue
        $dictionary = New-SharedState -Kind Dictionary
        1..10 | Invoke-ThreadedBatch { $null = ($using:counter).Increment(); ($using:queue).Enqueue($_); ($using:dictionary)["k$_"] = $_ }
        $dictionary['counter'] = $counter
        '13 ' + $counter.Value + ' ' + $queue.Count + ' ' + $dictionary.Count + ' ' + $dictionary['counter'].Increment()
        $queue.Complete()
        '14 ' + (($queue | Invoke-ThreadedBatch { $_ } | Sort-Object) -join ' ')
        '15 ' + ((1..3 | Invoke-ThreadedBatch -KeepOrder -AsResult -ErrorAction SilentlyContinue { if ($_ -eq 2) { throw 'x' }; $_ }).Status -join ' ')
        '16 ' + (1 | Invoke-ThreadedBatch -Verbose -WarningAction SilentlyContinue -WarningVariable warned { Write-Warning 'careful'; 1 } 4>$null) + $warned
        if ($IsWindows -eq $false) { '17 ' + (1 | Invoke-ThreadedBatch -FilePath sh -ArgumentList '-c', 'echo out; echo said >&2' -ErrorAction Stop 2>$null) }
        """;

    private static readonly Lazy<string[]> _expected = new(() => Outcome(string.Empty));

    /// <summary>Members by themselves (without a type, its members are missing), those that stand in for each other, and all.</summary>
    public static TheoryData<string> Hidden =>
    [
        .. EngineMembers.All.Where(member => member is not EngineMember<Type>).Select(member => member.FullName)
            .Where(name => !Array.Exists(_ofSteps, name.StartsWith)),
        "ScriptBlock.InvokeUsingCmdlet,NewScope", "HasInstanceMembers,HasInstanceTypeName,InstanceMembers", "*",
    ];

    [Theory]
    [MemberData(nameof(Hidden))]
    public void Without_a_member_all_is_as_with_it(string hidden)
    {
        // All of it, as what failed stands at its end.
        string[] actual = Outcome(hidden);
        Assert.True(_expected.Value.SequenceEqual(actual), string.Join('\n', actual));
    }

    [Fact]
    public void Without_any_of_the_steps_that_run_a_body_the_engines_own_call_does()
    {
        string[] steps = [.. EngineMembers.All.Select(member => member.FullName).Where(name => Array.Exists(_ofSteps, name.StartsWith))];

        Assert.True(steps.Length >= 24);
        Assert.All(steps, step =>
        {
            using ModuleCopy copy = new(step);
            Assert.Contains(step, copy.Missing);
            Assert.False(copy.ReusesScopes);
        });
    }

    private static string[] Outcome(string hidden)
    {
        using ModuleCopy copy = new(hidden);
        Assert.Equal(hidden.Length > 0, copy.Missing.Count > 0);
        return [.. copy.Run(Checks, _limit), .. Values().Select(value => Describe(copy.RoundTrip(value)))];
    }

    private static IEnumerable<object?> Values()
    {
        PSObject custom = new();
        custom.Properties.Add(new PSNoteProperty("A", new object?[] { 1, "x", null }));
        custom.TypeNames.Insert(0, "Some.Name");
        PSObject decorated = new(7);
        decorated.Properties.Add(new PSNoteProperty("Note", "n"));
        PSObject named = new(new List<object?> { 1 });
        named.TypeNames.Insert(0, "Other.Name");
        return
        [
            new Hashtable(StringComparer.OrdinalIgnoreCase) { ["Key"] = 1 }, new Hashtable { ["Key"] = 1 },
            new OrderedDictionary(StringComparer.OrdinalIgnoreCase) { ["Key"] = 1 }, new OrderedDictionary { ["Key"] = 1 },
            custom, decorated, named, new PSObject("plain"), new PSObject(new DirectoryInfo("folder")), new PSObject(new Version(1, 2)), new ErrorRecord(new InvalidOperationException("why"), "Id", ErrorCategory.InvalidData, 3),
        ];
    }

    private static string Describe(object? value)
    {
        object? bare = value is PSObject wrapper ? wrapper.BaseObject : value;
        PSObject whole = PSObject.AsPSObject(value);
        return string.Join(
            ' ',
            bare!.GetType().Name,
            string.Join('/', whole.TypeNames.Where(name => name.EndsWith(".Name", StringComparison.Ordinal))),
            bare is IDictionary dictionary ? dictionary.Contains("KEY") : string.Empty,
            string.Join(',', whole.Properties.Where(property => property.IsInstance).Select(property => $"{property.Name}={property.Value}")),
            bare is ErrorRecord error ? $"{error.FullyQualifiedErrorId} {error.Exception.Message} {error.TargetObject}" : string.Empty);
    }
}
