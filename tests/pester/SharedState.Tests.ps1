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
        $job | Receive-Job -Wait -AutoRemoveJob | Sort-Object | Should -Be (1..300)
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
        Wait-Until { $started.Value -eq 2 } -Patience '00:00:20' | Should -BeTrue
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

    It 'keeps a sum that is moved under a lock, and nobody waits for ever' {
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

    It 'is shown with what it holds' {
        New-SharedState Counter hits -Initial 3 | Format-List | Out-String | Should -Match 'Value\s*: 3'
    }
}
