using System.Collections;
using System.Collections.Specialized;
using System.Management.Automation;
using System.Text.Json;

namespace Switchyard.Tests.Engine;

/// <summary>The side of <see cref="HiddenMembersProcess"/> that hides members: runs the checks without those that each line of its input names.</summary>
internal static class HiddenMembersServer
{
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

    /// <summary>Answers requests until there are no more. What is written on the way goes out at once: it tells how far one came that has no end.</summary>
    public static void Serve()
    {
        using StreamWriter output = new(Console.OpenStandardOutput()) { AutoFlush = true };
        Console.SetOut(TextWriter.Null);
        while (Console.ReadLine() is { } request)
        {
            output.WriteLine(JsonSerializer.Serialize(Answer(JsonSerializer.Deserialize<HiddenMembersRequest>(request)!, line => output.WriteLine(JsonSerializer.Serialize(line)))));
        }
    }

    private static HiddenMembersAnswer Answer(HiddenMembersRequest request, Action<string> write)
    {
        using ModuleCopy copy = new(request.Hidden);
        if (request.RunsChecks)
        {
            copy.Run(Checks, write);
            foreach (object? value in Values())
            {
                write(Describe(copy.RoundTrip(value)));
            }
        }

        return new HiddenMembersAnswer(copy.Missing, copy.ReusesScopes);
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
