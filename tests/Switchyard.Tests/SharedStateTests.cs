using Switchyard.Tests.Harness;
using Xunit;

namespace Switchyard.Tests;

/// <summary>Shared objects as scripts use them.</summary>
public sealed class SharedStateTests : CmdletTest
{
    [Fact]
    public void Threads_count_together()
    {
        HostedResult result = Run("$c = New-SharedState Counter; 1..500 | Invoke-ThreadedBatch -ThrottleLimit 4 { ($using:c).Increment() } | Out-Null; $c.Value; $c.Add(-3); $c.Decrement(); $c.CompareExchange(1, 496); $c.Value");
        Assert.Equal([500L, 497L, 496L, 496L, 1L], result.Values);
    }

    [Fact]
    public void A_dictionary_is_a_hashtable_that_many_may_change()
    {
        HostedResult result = Run("""
            $d = New-SharedState -Kind Dictionary -Initial @{ a = 1 }
            1..300 | Invoke-ThreadedBatch -ThrottleLimit 4 { $null = ($using:d).AddOrUpdate("K$($_ % 3)", 1, 1) }
            $d['k0'], $d.K1, $d['k1'], $d['none'] -join ','
            1..100 | Invoke-ThreadedBatch -ThrottleLimit 4 { $null = ($using:d).AddOrUpdate('A', 0, { param($key, $value) $value + 2 }) }
            $d['a']
            $d['b'] = 1, 2; ($d.AddOrUpdate('b', 0, { $_ + 3 }) -join ''), ($d.AddOrUpdate('b', 0, { param($old) , @($old[0], 9) }) -join '') -join ','
            $null = $d.TryRemove('b')
            $d.GetOrAdd('own', { "$_!" }); $null = $d.TryRemove('own')
            $d.GetOrAdd('made', { param($key) "for $key" })
            $d.GetOrAdd('made', 'other')
            $d.TryUpdate('made', 'new', 'for made'), $d.TryUpdate('made', 'newer', 'for made') -join ','
            $old = $null; $d.TryRemove('made', [ref]$old), $old, $d.ContainsKey('made') -join ','
            ($d.Keys | Sort-Object) -join ','
            $d.ToHashtable().GetType().Name, $d.ToHashtable()['A'] -join ','
            (& { foreach ($entry in $d.GetEnumerator()) { $entry.Key } } | Measure-Object).Count
            """);
        Assert.Empty(result.Errors);
        Assert.Equal(["100,,100,", "201", "123,19", "own!", "for made", "for made", "True,False", "True,new,False", "a,K0,K1,K2", "Hashtable,201", "4"], result.Output.Select(item => item?.ToString()));
    }

    [Fact]
    public void A_lock_is_the_sessions_and_lets_it_in_again()
    {
        HostedResult result = Run("""
            $l = New-SharedState Lock one
            $box = @{ n = 0 }
            1..200 | Invoke-ThreadedBatch -ThrottleLimit 4 { ($using:l).Invoke({ $b = $using:box; $b.n = $b.n + 1 }) }
            $box.n
            $l.Enter(); $l.Enter(); $l.Exit()
            1 | Invoke-ThreadedBatch { ($using:l).TryEnter(0.05) }
            $l.Exit()
            1 | Invoke-ThreadedBatch { $l = $using:l; $l.TryEnter(0.05); $l.Exit() }
            try { $l.Exit() } catch { $_.Exception.InnerException.GetType().Name }
            $l.Invoke({ 'in' })
            try { $l.Invoke({ throw 'out' }) } catch { "$_" -like '*out*' }
            $l.TryEnter(); $l.Exit()
            """);
        Assert.Empty(result.Errors);
        Assert.Equal([200, false, true, "SynchronizationLockException", "in", true, true], result.Values);
    }

    [Fact]
    public void A_lock_that_an_item_ends_with_is_let_go_and_the_next_is_told()
    {
        HostedResult result = Run("""
            $l = New-SharedState Lock tracker
            1..3 | Invoke-ThreadedBatch -ThrottleLimit 1 { $l = $using:l; $l.Enter(5); $l.WasAbandoned; if ($_ -eq 1) { throw 'no' }; if ($_ -eq 2) { $l.Exit() } }
            $l.TryEnter(); $l.WasAbandoned
            """);
        Assert.Equal([false, true, false, true, true], result.Values);
        Assert.Equal(2, result.Streams.Warning.Count);
        Assert.All(result.Streams.Warning, warning => Assert.Contains("lock 'tracker'", warning.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_queue_feeds_the_batch_that_fills_it()
    {
        HostedResult result = Run("""
            $q = New-SharedState Queue links -Initial 1, 2
            $q.Complete()
            $q | Invoke-ThreadedBatch -ThrottleLimit 3 { if ($_ -lt 10) { ($using:q).Enqueue($_ * 5) }; $_ }
            $q.IsCompleted
            """);
        Assert.Empty(result.Errors);
        Assert.Equal(["1", "10", "2", "25", "5", "True"], result.Sorted);
        HostedResult refused = Run("$q = New-SharedState Queue; 1, $q | Invoke-ThreadedBatch { $_ }");
        Assert.StartsWith("Switchyard.QueueNotFirst,", refused.Terminating!.FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("$q = New-SharedState Queue q -Capacity 1; $q.Enqueue(1); $q.Enqueue(2, 0.01)", "System.TimeoutException", "queue 'q' had no room")]
    [InlineData("$q = New-SharedState Queue q; $q.Dequeue(0.01)", "System.TimeoutException", "queue 'q' had no element")]
    [InlineData("$q = New-SharedState Queue q; $q.Complete(); $q.Dequeue()", "System.InvalidOperationException", "completed")]
    [InlineData("$q = New-SharedState Queue q; $q.Complete(); $q.Enqueue(1)", "System.InvalidOperationException", "completed")]
    [InlineData("$q = New-SharedState Queue q; $q.Dispose(); $q.Dequeue()", "System.ObjectDisposedException", "disposed of")]
    [InlineData("$q = New-SharedState Queue q; $q.Enqueue({ 1 })", "System.ArgumentException", "script block")]
    [InlineData("$q = New-SharedState Queue q; $q.Dequeue(-2)", "System.ArgumentOutOfRangeException", "-1 for as long")]
    [InlineData("$d = New-SharedState Dictionary; $d.Set_Item((Get-Item .), 1)", "System.ArgumentException", "FullName")]
    [InlineData("$d = New-SharedState Dictionary; $d.Set_Item($null, 1)", "System.ArgumentException", "cannot be $null")]
    public void What_cannot_be_done_is_an_error_that_says_why(string script, string type, string message)
    {
        HostedResult result = Run($"try {{ {script} }} catch {{ $_.Exception.InnerException }}");
        Exception exception = Assert.IsAssignableFrom<Exception>(Assert.Single(result.Values));
        Assert.Equal(type, exception.GetType().FullName);
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("New-SharedState Lock -Capacity 3", "Switchyard.ParameterNotForKind,")]
    [InlineData("New-SharedState Lock -Initial 3", "Switchyard.ParameterNotForKind,")]
    [InlineData("New-SharedState Queue -CaseSensitive", "Switchyard.ParameterNotForKind,")]
    [InlineData("New-SharedState Counter -Initial abc", "Switchyard.InitialNotAllowed,")]
    [InlineData("New-SharedState Dictionary -Initial 3", "Switchyard.InitialNotAllowed,")]
    [InlineData("New-SharedState Queue -Capacity 1 -Initial 1, 2", "Switchyard.InitialNotAllowed,")]
    public void What_makes_no_sense_is_refused(string script, string id) =>
        Assert.StartsWith(id, Run(script).Terminating!.FullyQualifiedErrorId, StringComparison.Ordinal);

    [Fact]
    public void Several_names_make_several_objects()
    {
        HostedResult result = Run("$hits, $misses = New-SharedState Counter hits, misses -Initial 4; $null = $hits.Increment(); $hits.Name, $hits.Value, $misses.Name, $misses.Value");
        Assert.Equal(["hits", 5L, "misses", 4L], result.Values);
    }

    [Fact]
    public void Numbers_are_added_as_the_engine_adds_them()
    {
        HostedResult result = Run("""
            $d = New-SharedState Dictionary
            $null = $d.AddOrUpdate('int', [int]::MaxValue, 1); $d.AddOrUpdate('int', 0, 1)
            $d['double'] = 1.5; $d.AddOrUpdate('double', 0, 1)
            $d['decimal'] = 1.1d; $d.AddOrUpdate('decimal', 0, 2)
            $d['small'] = 3; $d.AddOrUpdate('small', 0, -4)
            """);
        Assert.Equal([2147483648L, 2.5, 3.1m, -1], result.Values);
    }
}
