#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5.0' }

BeforeDiscovery {
    $commands = @(@{ Name = 'Invoke-ThreadedBatch' }, @{ Name = 'Invoke-ProcessBatch' })
}

Describe 'Shared state in <Name>' -ForEach $commands {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Common.psm1') -Force
        Import-BuiltModule
    }

    It 'counts' {
        $counter = New-SharedState Counter
        1..300 | & $Name -ThrottleLimit 3 { ($using:counter).Increment() } | Sort-Object | Should -Be (1..300)
        $counter.Value | Should -Be 300
        1..10 | & $Name -ThrottleLimit 2 -Variable @{ c = $counter } { $null = $c.Add(2) }
        $counter | & $Name -ThrottleLimit 1 { $_.Increment() } | Should -Be 321
        $counter.Dispose()
    }

    It 'has one dictionary for all, with live values' {
        $words = New-SharedState Dictionary
        'a b a', 'b c', 'A' | & $Name -ThrottleLimit 2 { foreach ($word in -split $_) { $null = ($using:words).AddOrUpdate($word, 1, 1) } }
        $words['a'], $words['b'], $words['c'] | Should -Be 3, 2, 1
        1..20 | & $Name -ThrottleLimit 2 { $null = ($using:words).AddOrUpdate('list', @($_), { param($key, $list) , @($list + $args[0] + 1) }) }
        $words['list'].Count | Should -BeGreaterThan 1
        $words['file'] = Get-Item $PSCommandPath
        1 | & $Name { ($using:words)['file'] } | Should -BeOfType System.IO.FileInfo
        ($words.Keys | Sort-Object) | Should -Be 'a', 'b', 'c', 'file', 'list'
        $words.Dispose()
    }

    It 'lets one in at a time' {
        $lock, $box = (New-SharedState Lock), (New-SharedState Dictionary -Initial @{ n = 0 })
        1..150 | & $Name -ThrottleLimit 3 { ($using:lock).Invoke({ $b = $using:box; $b['n'] = $b['n'] + 1 }) }
        $box['n'] | Should -Be 150
        $lock.Dispose(); $box.Dispose()
    }

    It 'passes everything on once, and ends' {
        $queue = New-SharedState Queue -Capacity 5
        $job = 1..4 | & $Name -AsJob -ThrottleLimit 2 { $x = $null; while (($using:queue).TryDequeue([ref]$x, -1)) { $x } }
        1..300 | ForEach-Object { $queue.Enqueue($_) }
        $queue.Complete()
        $job | Wait-Job | Receive-Job -Wait -AutoRemoveJob | Sort-Object | Should -Be (1..300)
        $queue.Dispose()
    }

    It 'feeds a batch with what that batch finds' {
        $queue = New-SharedState Queue -Initial 1
        $queue.Complete()
        $queue | & $Name -ThrottleLimit 2 { if ($_ -lt 200) { ($using:queue).Enqueue(2 * $_); ($using:queue).Enqueue(2 * $_ + 1) }; $_ } |
            Sort-Object | Should -Be (1..399)
        $queue.IsCompleted | Should -BeTrue
        $queue.Dispose()
    }

    It 'gives way to a deadline' {
        $queue = New-SharedState Queue
        1 | & $Name -ItemTimeoutSeconds 0.5 { ($using:queue).Dequeue() } -ErrorAction SilentlyContinue -ErrorVariable failed
        $failed.FullyQualifiedErrorId | Should -BeLike 'Switchyard.ItemTimedOut*'
        $queue.Enqueue('still here')
        $queue.Dequeue() | Should -Be 'still here'
        $queue.Dispose()
    }

    It 'ends all waits when it is disposed of' {
        $queue, $started = (New-SharedState Queue links), (New-SharedState Counter)
        $job = 1..2 | & $Name -AsJob -ThrottleLimit 2 { $null = ($using:started).Increment(); ($using:queue).Dequeue() }
        Wait-Until { $started.Value -eq 2 } -Timeout '00:00:20' | Should -BeTrue
        $queue.Dispose()
        $null = $job | Receive-Job -Wait -ErrorAction SilentlyContinue -ErrorVariable failed
        $failed.Count | Should -Be 2
        $failed | ForEach-Object { "$_" | Should -BeLike "*queue 'links'*" }
        $job | Remove-Job
        $started.Dispose()
    }
}

Describe 'Shared state and workers that die' -Skip:$IsWindows {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Common.psm1') -Force
        Import-BuiltModule
    }

    It 'keeps a sum that is moved under a lock, and none waits for ever' {
        $lock, $money, $moved = (New-SharedState Lock bank), (New-SharedState Dictionary -Initial @{ a = 500; b = 500 }), (New-SharedState Counter)
        $repair = 'if ($lock.WasAbandoned -and $money["before"]) { $money["a"], $money["b"] = $money["before"]; $money["before"] = $null }'
        $results = 1..60 | Invoke-ProcessBatch -ThrottleLimit 4 -AsResult {
            $lock, $money = $using:lock, $using:money
            $lock.Enter(60)
            & ([scriptblock]::Create($using:repair))
            $money['before'] = $money['a'], $money['b']
            $money['a'] = $money['a'] - 3
            if ($_ % 7 -eq 0) { [System.Diagnostics.Process]::GetCurrentProcess().Kill() }
            $money['b'] = $money['b'] + 3
            $money['before'] = $null
            $lock.Exit()
            $null = ($using:moved).Increment()

            # Of an item that takes longer than a millisecond the end is told before the next one starts, so no crash has it run again.
            [System.Threading.Thread]::Sleep(2)
        }
        @($results | Where-Object Status -EQ Crashed).Count | Should -Be 8
        $lock.Enter(5)
        & ([scriptblock]::Create($repair))
        $moved.Value | Should -Be 52
        $money['a'], $money['b'] | Should -Be (500 - 3 * 52), (500 + 3 * 52)
        $lock.Exit()
        $lock.Dispose(); $money.Dispose(); $moved.Dispose()
    }

    It 'leaves nothing behind' {
        $before = @(Get-ChildItem ([System.IO.Path]::GetTempPath()) -Filter "switchyard-$PID-*").Count
        $counter = New-SharedState Counter
        1..4 | Invoke-ProcessBatch -ThrottleLimit 2 { $null = ($using:counter).Increment() }
        $counter.Value | Should -Be 4
        $counter.Dispose()
        @(Get-ChildItem ([System.IO.Path]::GetTempPath()) -Filter "switchyard-$PID-*").Count | Should -Be $before
    }
}

Describe 'Shared state at the prompt' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Common.psm1') -Force
        Import-BuiltModule
    }

    It 'gives way to a stop' {
        $queue = New-SharedState Queue
        $shell = New-Shell
        try {
            $running = $shell.AddScript('param($queue) $queue.Dequeue()').AddArgument($queue).BeginInvoke()
            Wait-Until { $shell.InvocationStateInfo.State -eq 'Running' } | Should -BeTrue
            $shell.Stop()
            $shell.InvocationStateInfo.State | Should -Be 'Stopped'
        }
        finally {
            $shell.Dispose()
            $queue.Dispose()
        }
    }

    It 'counts up, down and on condition' {
        $counter = New-SharedState Counter -Initial 500
        $counter.Add(-3), $counter.Decrement(), $counter.CompareExchange(1, 496), $counter.Value | Should -Be 497, 496, 496, 1
    }

    It 'is a hashtable that many may change' {
        $d = New-SharedState -Kind Dictionary -Initial @{ a = 1 }
        1..300 | Invoke-ThreadedBatch -ThrottleLimit 4 { $null = ($using:d).AddOrUpdate("K$($_ % 3)", 1, 1) }
        $d['k0'], $d.K1, $d['k1'], $d['none'] | Should -Be 100, $null, 100, $null
        1..100 | Invoke-ThreadedBatch -ThrottleLimit 4 { $null = ($using:d).AddOrUpdate('A', 0, { param($key, $value) $value + 2 }) }
        $d['a'] | Should -Be 201
        $d['b'] = 1, 2
        $d.AddOrUpdate('b', 0, { $_ + 3 }) | Should -Be 1, 2, 3
        $d.AddOrUpdate('b', 0, { param($old) , @($old[0], 9) }) | Should -Be 1, 9
        $d.TryRemove('b') | Should -BeTrue
        $d.GetOrAdd('own', { "$_!" }) | Should -Be 'own!'
        $null = $d.TryRemove('own')
        $d.GetOrAdd('made', { param($key) "for $key" }), $d.GetOrAdd('made', 'other') | Should -Be 'for made', 'for made'
        $d.TryUpdate('made', 'new', 'for made'), $d.TryUpdate('made', 'newer', 'for made') | Should -Be $true, $false
        $old = $null
        $d.TryRemove('made', [ref]$old), $old, $d.ContainsKey('made') | Should -Be $true, 'new', $false
        $d.Keys | Sort-Object | Should -Be 'a', 'K0', 'K1', 'K2'
        $d.ToHashtable() | Should -BeOfType hashtable
        $d.ToHashtable()['A'] | Should -Be 201
        @($d.GetEnumerator()) | Should -HaveCount 4
    }

    It 'has every key in a copy, whatever a culture makes of it' {
        $d = New-SharedState -Kind Dictionary
        $d["a$([char]0xad)b"], $d['ab'], $d["co`0op"], $d['coop'] = 1, 2, 3, 4
        $copy = $d.ToHashtable()
        $copy.get_Count(), @($d.GetEnumerator()).Count, $copy['AB'], $copy["A$([char]0xad)B"] | Should -Be 4, 4, 2, 1
    }

    It 'adds numbers as PowerShell adds them' {
        $d = New-SharedState Dictionary
        $null = $d.AddOrUpdate('int', [int]::MaxValue, 1)
        $d['double'], $d['decimal'], $d['small'] = 1.5, 1.1d, 3
        $sums = $d.AddOrUpdate('int', 0, 1), $d.AddOrUpdate('double', 0, 1), $d.AddOrUpdate('decimal', 0, 2), $d.AddOrUpdate('small', 0, -4)
        $sums | Should -Be 2147483648, 2.5, 3.1d, -1
        $sums | ForEach-Object { $_.GetType().Name } | Should -Be 'Int64', 'Double', 'Decimal', 'Int32'
    }

    It 'is a lock that lets its own session in again, and no other' {
        $lock = New-SharedState Lock one
        $lock.Enter(); $lock.Enter(); $lock.Exit()
        1 | Invoke-ThreadedBatch { ($using:lock).TryEnter(0.05) } | Should -BeFalse
        $lock.Exit()
        1 | Invoke-ThreadedBatch { $lock = $using:lock; $lock.TryEnter(0.05); $lock.Exit() } | Should -BeTrue
        { $lock.Exit() } | Should -Throw -ExceptionType ([System.Management.Automation.MethodInvocationException]) -PassThru |
            ForEach-Object { $_.Exception.InnerException } | Should -BeOfType ([System.Threading.SynchronizationLockException])
        $lock.Invoke({ 'in' }) | Should -Be 'in'
        { $lock.Invoke({ throw 'out' }) } | Should -Throw '*out*'
        $lock.TryEnter() | Should -BeTrue
        $lock.Exit()
    }

    It 'lets go of a lock that an item ends with, and tells the next' {
        $lock = New-SharedState Lock tracker
        $output = 1..3 | Invoke-ThreadedBatch -ThrottleLimit 1 -WarningVariable warnings -WarningAction SilentlyContinue -ErrorAction SilentlyContinue {
            $lock = $using:lock
            $lock.Enter(5)
            $lock.WasAbandoned
            if ($_ -eq 1) { throw 'no' }
            if ($_ -eq 2) { $lock.Exit() }
        }
        $output | Should -Be $false, $true, $false
        $warnings | Should -HaveCount 2
        $warnings | ForEach-Object { $_.Message | Should -BeLike "*lock 'tracker'*" }
        $lock.TryEnter(), $lock.WasAbandoned | Should -Be $true, $true
    }

    It 'feeds a batch as its only input' {
        { 1, (New-SharedState Queue) | Invoke-ThreadedBatch { $_ } } | Should -Throw -ErrorId 'Switchyard.QueueNotFirst,*'
    }

    It 'says why something cannot be done: <Script>' -ForEach @(
        @{ Script = '$q = New-SharedState Queue q -Capacity 1; $q.Enqueue(1); $q.Enqueue(2, 0.01)'; Type = [System.TimeoutException]; Says = "*queue 'q' had no room*" }
        @{ Script = '$q = New-SharedState Queue q; $q.Dequeue(0.01)'; Type = [System.TimeoutException]; Says = "*queue 'q' had no element*" }
        @{ Script = '$q = New-SharedState Queue q; $q.Complete(); $q.Dequeue()'; Type = [System.InvalidOperationException]; Says = '*completed*' }
        @{ Script = '$q = New-SharedState Queue q; $q.Complete(); $q.Enqueue(1)'; Type = [System.InvalidOperationException]; Says = '*completed*' }
        @{ Script = '$q = New-SharedState Queue q; $q.Dispose(); $q.Dequeue()'; Type = [System.ObjectDisposedException]; Says = '*disposed of*' }
        @{ Script = '$q = New-SharedState Queue q; $q.Enqueue({ 1 })'; Type = [System.ArgumentException]; Says = '*script block*' }
        @{ Script = '$q = New-SharedState Queue q; $q.Dequeue(-2)'; Type = [System.ArgumentOutOfRangeException]; Says = '*-1 for as long*' }
        @{ Script = '$d = New-SharedState Dictionary; $d.Set_Item((Get-Item .), 1)'; Type = [System.ArgumentException]; Says = '*FullName*' }
        @{ Script = '$d = New-SharedState Dictionary; $d.Set_Item($null, 1)'; Type = [System.ArgumentException]; Says = '*cannot be $null*' }
    ) {
        $failure = try { . ([scriptblock]::Create($Script)) } catch { $_.Exception.InnerException }
        $failure.GetType() | Should -Be $Type
        $failure.Message | Should -BeLike $Says
    }

    It 'refuses what makes no sense: <Script>' -ForEach @(
        @{ Script = 'New-SharedState Lock -Capacity 3'; Id = 'Switchyard.ParameterNotForKind,*' }
        @{ Script = 'New-SharedState Lock -Initial 3'; Id = 'Switchyard.ParameterNotForKind,*' }
        @{ Script = 'New-SharedState Queue -CaseSensitive'; Id = 'Switchyard.ParameterNotForKind,*' }
        @{ Script = 'New-SharedState Counter -Initial abc'; Id = 'Switchyard.InitialNotAllowed,*' }
        @{ Script = 'New-SharedState Dictionary -Initial 3'; Id = 'Switchyard.InitialNotAllowed,*' }
        @{ Script = 'New-SharedState Queue -Capacity 1 -Initial 1, 2'; Id = 'Switchyard.InitialNotAllowed,*' }
    ) {
        [scriptblock]::Create($Script) | Should -Throw -ErrorId $Id
    }

    It 'is made once for each of several names' {
        $hits, $misses = New-SharedState Counter hits, misses -Initial 4
        $null = $hits.Increment()
        $hits.Name, $hits.Value, $misses.Name, $misses.Value | Should -Be 'hits', 5, 'misses', 4
    }

    It 'is shown with what it holds' {
        New-SharedState Counter hits -Initial 3 | Format-List | Out-String | Should -Match 'Value\s*: 3'
    }
}
