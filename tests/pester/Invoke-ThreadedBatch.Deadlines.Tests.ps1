#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5.0' }

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1') -Force
    Import-BuiltModule

    # Far more than an item takes that does nothing, on a busy machine.
    $deadline = 3

    # What would pass without a deadline. Every test must end long before.
    $longest = [timespan]::FromSeconds(30)

    function Assert-TimedOut {
        param($ErrorRecord, $Item)

        $ErrorRecord.FullyQualifiedErrorId | Should -BeLike 'Switchyard.ItemTimedOut*'
        $ErrorRecord.CategoryInfo.Category | Should -Be 'OperationTimeout'
        $ErrorRecord.Exception | Should -BeOfType ([System.TimeoutException])
        $ErrorRecord.TargetObject | Should -Be $Item
        $ErrorRecord.Exception.Message | Should -BeLike "*'$Item'*-ItemTimeoutSeconds*"
    }
}

Describe 'Invoke-ThreadedBatch: -ItemTimeoutSeconds' {
    BeforeEach {
        $footprint = Get-Footprint
        $ErrorActionPreference = 'Continue'
        $clock = [System.Diagnostics.Stopwatch]::StartNew()
    }

    AfterEach {
        $clock.Elapsed | Should -BeLessThan $longest
        Assert-NoLeak $footprint
    }

    It 'ends only the item that <Name>, with one error' -ForEach @(
        @{ Name = 'sleeps'; Parameters = @{}; Body = { "before $_"; if ($_ -eq 2) { Start-Sleep -Seconds 60 }; "after $_" } }
        @{ Name = 'blocks in a .NET call'; Parameters = @{}; Body = { "before $_"; if ($_ -eq 2) { [System.Threading.Thread]::Sleep(60000) }; "after $_" } }
        @{ Name = 'computes'; Parameters = @{}; Body = { "before $_"; if ($_ -eq 2) { while ($true) { $x++ } }; "after $_" } }
        @{ Name = 'sleeps in a runspace of its own'; Parameters = @{ FreshRunspace = $true }; Body = { "before $_"; if ($_ -eq 2) { Start-Sleep -Seconds 60 }; "after $_" } }
        @{ Name = 'waits for a batch of its own'; Parameters = @{}; Body = { "before $_"; if ($_ -eq 2) { 1 | Invoke-ThreadedBatch { [System.Threading.Thread]::Sleep(60000) } }; "after $_" } }
        @{ Name = 'catches everything once'; Parameters = @{}; Body = { "before $_"; if ($_ -eq 2) { try { [System.Threading.Thread]::Sleep(60000) } finally { $x = 1 } }; "after $_" } }
    ) {
        $output = 1..4 | Invoke-ThreadedBatch $Body -KeepOrder -ThrottleLimit 2 -ItemTimeoutSeconds $deadline @Parameters -ErrorVariable errors 2>$null
        $output | Should -Be 'before 1', 'after 1', 'before 2', 'before 3', 'after 3', 'before 4', 'after 4'
        $errors | Should -HaveCount 1
        Assert-TimedOut $errors[0] 2
    }

    It 'starts no body whose time was up while its session was being made' {
        $started = [System.Collections.Concurrent.ConcurrentBag[int]]::new()
        1..4 | Invoke-ThreadedBatch { ($using:started).Add($_) } -FreshRunspace -ThrottleLimit 2 -ItemTimeoutSeconds $deadline -InitializationScript { Start-Sleep -Seconds 60 } -ErrorVariable errors 2>$null
        $errors | Should -HaveCount 4
        $errors.TargetObject | Sort-Object | Should -Be 1, 2, 3, 4
        $started.Count | Should -Be 0
    }

    It 'holds for a body that cannot be interrupted: another worker goes on, and what comes late is dropped' {
        $pipe = [System.IO.Pipes.AnonymousPipeServerStream]::new('In')
        $writer = [System.IO.Pipes.AnonymousPipeClientStream]::new('Out', $pipe.ClientSafePipeHandle)
        try {
            $results = 1..4 | Invoke-ThreadedBatch { if ($_ -eq 2) { $null = ($using:pipe).ReadByte(); 'late' } else { "out $_" } } -ThrottleLimit 1 -KeepOrder -ItemTimeoutSeconds $deadline -AsResult -WarningVariable warnings 3>$null
        }
        finally {
            $writer.WriteByte(1)
            $writer.Dispose()
        }

        "$($results.Status)" | Should -Be 'Succeeded TimedOut Succeeded Succeeded'
        "$($results.Output)" | Should -Be 'out 1 out 3 out 4'
        Assert-TimedOut $results[1].Errors[0] 2
        $results[1].CpuTime | Should -BeNullOrEmpty
        $warnings | Should -HaveCount 1
        Assert-NoLeak $footprint
        $pipe.Dispose()
    }

    It 'ends every one of many items at their own time' {
        $results = 1..8 | Invoke-ThreadedBatch { [System.Threading.Thread]::Sleep(60000) } -ThrottleLimit 8 -ItemTimeoutSeconds 0.3 -AsResult
        $results | Should -HaveCount 8
        $results.Status | Sort-Object -Unique | Should -Be 'TimedOut'
        @($results.Index | Sort-Object -Unique) | Should -HaveCount 8
    }

    It 'keeps what an item wrote before, and takes nothing after' {
        $results = 1 | Invoke-ThreadedBatch { 'out'; Write-Error 'err'; try { [System.Threading.Thread]::Sleep(60000) } finally { 'late'; Write-Error 'late' } } -ItemTimeoutSeconds $deadline -AsResult
        $results.Output | Should -Be 'out'
        "$($results.Errors[0])" | Should -Be 'err'
        $results.Errors | Should -HaveCount 2
    }

    It 'names an item in one line, and has it whole as its target' {
        $item = "it's`n`"two`" lines {0}"
        $null = $item | Invoke-ThreadedBatch { Start-Sleep -Seconds 60 } -ItemTimeoutSeconds 0.2 -ErrorVariable errors 2>$null
        $errors[0].Exception.Message | Should -BeLike "*it's `"two`" lines {0}*"
        $errors[0].Exception.Message | Should -Not -Match "`n"
        $errors[0].TargetObject | Should -Be $item
    }

    It 'counts for each attempt: an item that was slow once succeeds' {
        $calls = [System.Collections.Concurrent.ConcurrentQueue[int]]::new()
        $result = 1 | Invoke-ThreadedBatch { ($using:calls).Enqueue($_); if (($using:calls).Count -eq 1) { [System.Threading.Thread]::Sleep(60000) }; 'second' } -ItemTimeoutSeconds $deadline -RetryCount 1 -RetryDelaySeconds 0 -AsResult
        $result.Status | Should -Be 'Succeeded'
        $result.Attempts | Should -Be 2
        $result.Output | Should -Be 'second'
        $result.Errors | Should -BeNullOrEmpty
    }

    It 'does not count the time that the downstream takes' {
        # Far more than is held between the two, so the item waits.
        $count = 0
        1 | Invoke-ThreadedBatch { 1..20000 } -ThrottleLimit 1 -ItemTimeoutSeconds $deadline -ErrorVariable errors | ForEach-Object { if ($count++ -eq 0) { [System.Threading.Thread]::Sleep(1000 * $deadline + 500) } }
        $errors | Should -BeNullOrEmpty
        $count | Should -Be 20000
    }

    It 'does not count the time in the queue' {
        $results = 1..4 | Invoke-ThreadedBatch { [System.Threading.Thread]::Sleep(1100); $_ } -ThrottleLimit 1 -ItemTimeoutSeconds 4 -AsResult
        $results.Status | Sort-Object -Unique | Should -Be 'Succeeded'
    }

    It 'ends the script with -ErrorAction Stop' {
        { 1, 2 | Invoke-ThreadedBatch { [System.Threading.Thread]::Sleep(60000) } -ItemTimeoutSeconds 0.2 -ErrorAction Stop } |
            Should -Throw -ErrorId 'Switchyard.ItemTimedOut*' -ExceptionType ([System.TimeoutException])
    }

    It 'is no limit when it is 0' {
        1..3 | Invoke-ThreadedBatch { $_ } -ItemTimeoutSeconds 0 -KeepOrder | Should -Be 1, 2, 3
    }

    It 'counts as a failure for -MaxFailures' {
        $results = 1..5 | Invoke-ThreadedBatch { [System.Threading.Thread]::Sleep(60000) } -ItemTimeoutSeconds 0.2 -ThrottleLimit 1 -MaxFailures 2 -AsResult -ErrorVariable errors 2>$null
        "$($results.Status | Sort-Object)" | Should -Be 'TimedOut TimedOut Skipped Skipped Skipped'
        $errors.FullyQualifiedErrorId | Should -BeLike 'Switchyard.TooManyFailures*'
    }

    It 'gives way to Ctrl+C' {
        $started = [System.Threading.CountdownEvent]::new(2)
        $shell = New-Shell
        try {
            $null = $shell.AddScript('param($started) 1..4 | Invoke-ThreadedBatch { $null = ($using:started).Signal(); [System.Threading.Thread]::Sleep(60000) } -ThrottleLimit 2 -ItemTimeoutSeconds 1000 -AsResult').AddArgument($started)
            $null = $shell.BeginInvoke()
            $started.Wait(20000) | Should -BeTrue
            $shell.Stop()
            $shell.InvocationStateInfo.State | Should -Be 'Stopped'
        }
        finally {
            $shell.Dispose()
        }
    }
}
