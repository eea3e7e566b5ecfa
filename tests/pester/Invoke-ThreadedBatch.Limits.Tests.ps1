#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5.0' }

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1') -Force
    Import-BuiltModule
}

Describe 'Invoke-ThreadedBatch: limits' {
    BeforeEach {
        $footprint = Get-Footprint
        $ErrorActionPreference = 'Continue'
    }

    AfterEach {
        Assert-NoLeak $footprint
    }

    Context '-MaxFailures' {
        It 'starts nothing new, and says so once: <Name>' -ForEach @(
            @{ Name = 'one worker'; Parameters = @{ ThrottleLimit = 1 } }
            @{ Name = 'one worker, in order'; Parameters = @{ ThrottleLimit = 1; KeepOrder = $true } }
            @{ Name = 'one worker, with deadlines'; Parameters = @{ ThrottleLimit = 1; RetryCount = 0; ItemTimeoutSeconds = 1000 } }
        ) {
            $null = 1..20 | Invoke-ThreadedBatch { throw "bad $_" } -MaxFailures 3 @Parameters -ErrorVariable errors 2>$null
            $errors | Should -HaveCount 4
            $last = $errors[-1]
            $last.FullyQualifiedErrorId | Should -BeLike 'Switchyard.TooManyFailures*'
            $last.CategoryInfo.Category | Should -Be 'LimitsExceeded'
            $last.Exception.Message | Should -BeLike '*-MaxFailures 3*'
        }

        It 'accounts for the rest with -AsResult' {
            $results = 1..500 | Invoke-ThreadedBatch { if ($_ -gt 2) { throw 'bad' }; $_ } -MaxFailures 3 -ThrottleLimit 1 -AsResult -ErrorVariable errors 2>$null
            $results.Index | Should -Be (0..499)
            $groups = $results | Group-Object Status -AsHashTable -AsString
            $groups.Succeeded.Count, $groups.Failed.Count, $groups.Skipped.Count | Should -Be 2, 3, 495
            $groups.Skipped[0].Attempts | Should -Be 0
            $errors | Should -HaveCount 1
            $errors[0].Exception.Message | Should -BeLike '*Of 500 items read, 5 were finished and 495*'
        }

        It 'lets what runs finish' {
            $failed = [System.Threading.ManualResetEventSlim]::new()
            $results = 1..8 | Invoke-ThreadedBatch {
                if ($_ -eq 1) { throw 'bad' }
                $null = ($using:failed).Wait(20000)
                'finished'
            } -MaxFailures 1 -ThrottleLimit 2 -AsResult -ErrorAction SilentlyContinue | ForEach-Object { if ($_.Status -eq 'Failed') { $failed.Set() }; $_ }
            $results | Should -HaveCount 8
            @($results | Where-Object Status -eq 'Succeeded').Output | Sort-Object -Unique | Should -BeIn @($null, 'finished')
            @($results | Where-Object Status -notin 'Succeeded', 'Failed', 'Skipped') | Should -BeNullOrEmpty
        }

        It 'is no error where nothing was left out' {
            $results = 1..3 | Invoke-ThreadedBatch { throw 'bad' } -MaxFailures 3 -AsResult -ErrorVariable errors
            $results.Status | Sort-Object -Unique | Should -Be 'Failed'
            $errors | Should -BeNullOrEmpty
        }

        It 'counts items that failed for good, not attempts' {
            $calls = [System.Collections.Concurrent.ConcurrentQueue[int]]::new()
            $output = 1..4 | Invoke-ThreadedBatch { ($using:calls).Enqueue($_); if (@(($using:calls) -eq $_).Count -lt 3) { throw 'not yet' }; $_ } -MaxFailures 1 -RetryCount 2 -RetryDelaySeconds 0 -ThrottleLimit 1 -ErrorVariable errors
            $output | Sort-Object | Should -Be 1, 2, 3, 4
            $errors | Should -BeNullOrEmpty
        }

        It 'ends an input that never ends' {
            $null = & { while ($true) { 1 } } | Invoke-ThreadedBatch { throw 'bad' } -MaxFailures 2 -ErrorVariable errors 2>$null
            $errors[-1].FullyQualifiedErrorId | Should -BeLike 'Switchyard.TooManyFailures*'
        }

        It 'is not reached by errors that do not fail an item' {
            1..5 | Invoke-ThreadedBatch { Write-Error 'e'; $_ } -MaxFailures 1 -KeepOrder 2>$null | Should -Be 1, 2, 3, 4, 5
        }
    }

    Context '-RateLimit' {
        It 'spaces the starts over all workers, <Name>' -ForEach @(
            @{ Name = 'alone'; Parameters = @{} }
            @{ Name = 'with results and retries'; Parameters = @{ AsResult = $true; RetryCount = 1; KeepOrder = $true } }
            @{ Name = 'under AutoThrottle'; Parameters = @{ AutoThrottle = $true } }
        ) {
            # One more may start at once, and each that is late is caught up by one: so a fifth interval is not promised.
            $starts = [System.Collections.Concurrent.ConcurrentQueue[long]]::new()
            $null = 1..6 | Invoke-ThreadedBatch { ($using:starts).Enqueue([System.Diagnostics.Stopwatch]::GetTimestamp()) } -RateLimit 10 -ThrottleLimit 4 @Parameters
            $starts.Count | Should -Be 6
            $sorted = @($starts | Sort-Object)
            [System.Diagnostics.Stopwatch]::GetElapsedTime($sorted[0], $sorted[-1]) | Should -BeGreaterThan ([timespan]::FromMilliseconds(250))
        }

        It 'does not hold up <Name>' -ForEach @(
            @{ Name = 'Select-Object -First'; Run = { 1..9 | Invoke-ThreadedBatch { $_ } -RateLimit 0.001 | Select-Object -First 1 } }
            @{ Name = '-TimeoutSeconds'; Run = { 1..9 | Invoke-ThreadedBatch { $_ } -RateLimit 0.001 -TimeoutSeconds 5 2>$null } }
        ) {
            # Which of the workers is let through first, order or no order, nothing says.
            @(& $Run) | Should -HaveCount 1
        }
    }

    Context '-MinFreeMemoryMB' {
        BeforeAll {
            $refusal = try { 1 | Invoke-ThreadedBatch { $_ } -MinFreeMemoryMB ([int]::MaxValue) } catch { $_ }
            $total = [int][regex]::Match($refusal.Exception.Message, '(\d+) MB of memory').Groups[1].Value
        }

        It 'refuses what can never be met' {
            $refusal.FullyQualifiedErrorId | Should -BeLike 'Switchyard.MinFreeMemoryTooHigh*'
            $total | Should -BeGreaterThan 0
        }

        It 'changes nothing where there is enough' {
            1..20 | Invoke-ThreadedBatch { $_ } -MinFreeMemoryMB 1 -KeepOrder -WarningVariable warnings | Should -Be (1..20)
            $warnings | Should -BeNullOrEmpty
        }

        It 'starts nothing where there is too little, says so once, and gives way to a stop' {
            $shell = New-Shell
            try {
                $null = $shell.AddScript('param($floor) 1..9 | Invoke-ThreadedBatch { $_ } -MinFreeMemoryMB $floor -ThrottleLimit 4').AddArgument($total - 1)
                $output = [System.Management.Automation.PSDataCollection[psobject]]::new()
                $running = $shell.BeginInvoke([System.Management.Automation.PSDataCollection[psobject]]::new(), $output)
                Wait-Until { $shell.Streams.Warning.Count -gt 0 } -Timeout '00:00:20' | Should -BeTrue
                $running.IsCompleted | Should -BeFalse
                $shell.Stop()
                $output.Count | Should -Be 0
                $shell.Streams.Warning | Should -HaveCount 1
                $shell.Streams.Warning[0].Message | Should -BeLike '*-MinFreeMemoryMB*'
            }
            finally {
                $shell.Dispose()
            }
        }
    }

    Context '-AutoThrottle' {
        It 'takes -ThrottleLimit as its ceiling' {
            $running = [System.Collections.Concurrent.ConcurrentDictionary[int, int]]::new()
            $most = 1..60 | Invoke-ThreadedBatch {
                $null = ($using:running).TryAdd($_, 0)
                [System.Threading.Thread]::Sleep(5)
                ($using:running).Count
                $null = ($using:running).TryRemove($_, [ref]0)
            } -AutoThrottle -ThrottleLimit 2 | Measure-Object -Maximum
            $most.Count | Should -Be 60
            $most.Maximum | Should -BeLessOrEqual 2
        }

        It 'says in the verbose stream what it does' {
            $records = 1..200 | Invoke-ThreadedBatch { [System.Threading.Thread]::Sleep(20) } -AutoThrottle -Verbose 4>&1
            $records.Message | Should -Match 'Throttle from \d+ to \d+'
        }
    }

    Context 'Bad input' {
        It 'refuses <Parameters> with one error that says what to do' -ForEach @(
            @{ Parameters = '-RateLimit 0'; Id = 'ParameterArgumentValidationError*'; Says = '*RateLimit*0.001*' }
            @{ Parameters = '-RateLimit -1'; Id = 'ParameterArgumentValidationError*'; Says = '*RateLimit*0.001*' }
            @{ Parameters = '-RateLimit ([double]::NaN)'; Id = 'ParameterArgumentValidationError*'; Says = '*RateLimit*0.001*' }
            @{ Parameters = '-RateLimit ([double]::PositiveInfinity)'; Id = 'ParameterArgumentValidationError*'; Says = '*RateLimit*1000000*' }
            @{ Parameters = '-TimeoutSeconds ([double]::MaxValue)'; Id = 'ParameterArgumentValidationError*'; Says = '*TimeoutSeconds*2000000*' }
            @{ Parameters = '-TimeoutSeconds -1'; Id = 'ParameterArgumentValidationError*'; Says = '*TimeoutSeconds*0*' }
            @{ Parameters = '-ItemTimeoutSeconds 1e10'; Id = 'ParameterArgumentValidationError*'; Says = '*ItemTimeoutSeconds*2000000*' }
            @{ Parameters = '-ItemTimeoutSeconds ([double]::NaN)'; Id = 'ParameterArgumentValidationError*'; Says = '*ItemTimeoutSeconds*0*' }
            @{ Parameters = '-RetryCount -1'; Id = 'ParameterArgumentValidationError*'; Says = '*RetryCount*0*' }
            @{ Parameters = '-RetryCount 1 -RetryDelaySeconds -1'; Id = 'ParameterArgumentValidationError*'; Says = '*RetryDelaySeconds*0*' }
            @{ Parameters = '-RetryCount 1 -RetryDelaySeconds 1e10'; Id = 'ParameterArgumentValidationError*'; Says = '*RetryDelaySeconds*2000000*' }
            @{ Parameters = '-RetryDelaySeconds 1'; Id = 'Switchyard.ParameterNeedsAnother*'; Says = '*-RetryDelaySeconds*-RetryCount*' }
            @{ Parameters = '-MaxFailures 0'; Id = 'ParameterArgumentValidationError*'; Says = '*MaxFailures*1*' }
            @{ Parameters = '-MinFreeMemoryMB 0'; Id = 'ParameterArgumentValidationError*'; Says = '*MinFreeMemoryMB*1*' }
            @{ Parameters = '-TotalCount -1'; Id = 'ParameterArgumentValidationError*'; Says = '*TotalCount*0*' }
            @{ Parameters = '-AutoThrottle -ThrottleLimit 0'; Id = 'ParameterArgumentValidationError*'; Says = '*ThrottleLimit*1*' }
            @{ Parameters = '-Name x'; Id = 'Switchyard.ParameterNeedsAnother*'; Says = '*-Name*-AsJob*' }
            @{ Parameters = "-AsJob -Name ''"; Id = 'ParameterArgumentValidationError*'; Says = '*Name*' }
        ) {
            $script = [scriptblock]::Create("1, 2 | Invoke-ThreadedBatch { throw 'It ran.' } $Parameters")
            $failures = @(try { & $script 2>&1 } catch { $_ })
            $failures | Should -HaveCount 1
            $failures[0].FullyQualifiedErrorId | Should -BeLike $Id
            $failures[0].Exception.Message | Should -BeLike $Says
        }

        It 'takes the extremes of what is allowed: <Parameters>' -ForEach @(
            @{ Parameters = '-TimeoutSeconds 2000000 -ItemTimeoutSeconds 2000000' }
            @{ Parameters = '-RetryCount 2147483647 -RetryDelaySeconds 2000000' }
            @{ Parameters = '-RateLimit 1000000 -MaxFailures 2147483647' }
            @{ Parameters = '-ItemTimeoutSeconds 1e-300 -RetryCount 0 -RetryDelaySeconds 0 -ErrorAction SilentlyContinue; 1' }
            @{ Parameters = '-TotalCount 9223372036854775807' }
        ) {
            $script = [scriptblock]::Create("1 | Invoke-ThreadedBatch { `$_ } $Parameters")
            & $script | Select-Object -Last 1 | Should -Be 1
        }
    }
}
