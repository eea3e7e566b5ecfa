#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5.0' }

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1') -Force
    Import-BuiltModule

    # The promise is two seconds; the rest is for a busy machine.
    $longestStop = [timespan]::FromSeconds(10)
}

Describe 'Invoke-ThreadedBatch: -AsJob' {
    BeforeEach {
        $footprint = Get-Footprint
        $ErrorActionPreference = 'Continue'

        # A record of it would be data that a job has.
        $ProgressPreference = 'SilentlyContinue'
        $gate = [System.Threading.ManualResetEventSlim]::new()
        $started = [System.Threading.ManualResetEventSlim]::new()
        $job = $null
    }

    AfterEach {
        $gate.Set()
        $job | Where-Object { $_ } | Remove-Job -Force -ErrorAction SilentlyContinue
        Assert-NoLeak $footprint
    }

    Context 'A job' {
        It 'is known by its name, its command and what it does' {
            $job = 1..3 | Invoke-ThreadedBatch { $_ * 2 } -AsJob -Name 'Doubling' -KeepOrder
            $job | Should -BeOfType ([System.Management.Automation.Job])
            (Get-Job -Name 'Doubling').InstanceId | Should -Be $job.InstanceId
            (Get-Job -Id $job.Id).InstanceId | Should -Be $job.InstanceId
            $job.Command.Trim() | Should -Be '$_ * 2'
            $job.PSJobTypeName | Should -Be 'BatchJob'
            (Wait-Job $job -Timeout 20).State | Should -Be 'Completed'
            $job.StatusMessage | Should -Be '3/3'
            $job.PSBeginTime | Should -Not -BeNullOrEmpty
            $job.PSEndTime | Should -Not -BeNullOrEmpty
            Receive-Job $job | Should -Be 2, 4, 6
        }

        It 'is named by the engine otherwise, and each differently' {
            $job = @(1 | Invoke-ThreadedBatch { $_ } -AsJob) + @(1 | Invoke-ThreadedBatch { $_ } -AsJob)
            $job.Name | Should -Match '^Job\d+$'
            $job[0].Name | Should -Not -Be $job[1].Name
            $null = Wait-Job $job -Timeout 20
        }

        It 'starts at the first item, while the input goes on' {
            $job = & { 1; "started: $($started.Wait(20000))" } | Invoke-ThreadedBatch { ($using:started).Set(); $_ } -AsJob -KeepOrder
            $null = Wait-Job $job -Timeout 20
            Receive-Job $job | Should -Be 1, 'started: True'
        }

        It 'gives the prompt back while items run' {
            $job = 1..3 | Invoke-ThreadedBatch { $null = ($using:gate).Wait(20000); $_ } -AsJob -ThrottleLimit 1 -KeepOrder
            $job.State | Should -Be 'Running'
            $gate.Set()
            Receive-Job $job -Wait | Should -Be 1, 2, 3
        }

        It 'is over at once without items' {
            $job = @() | Invoke-ThreadedBatch { $_ } -AsJob
            (Wait-Job $job -Timeout 20).State | Should -Be 'Completed'
            $job.HasMoreData | Should -BeFalse
            $job.StatusMessage | Should -Be '0/0'
            Receive-Job $job | Should -BeNullOrEmpty
        }

        It 'keeps all of much output until it is received' {
            $job = 1..20000 | Invoke-ThreadedBatch { $_ } -AsJob -KeepOrder -ThrottleLimit 4
            (Wait-Job $job -Timeout 60).State | Should -Be 'Completed'
            $output = Receive-Job $job
            [System.Linq.Enumerable]::SequenceEqual([int[]]$output, [int[]](1..20000)) | Should -BeTrue
            $job.HasMoreData | Should -BeFalse
        }

        It 'is Completed though items failed, and says how many' {
            $job = 1..4 | Invoke-ThreadedBatch { if ($_ -gt 2) { throw "bad $_" }; $_ } -AsJob -KeepOrder -TotalCount 10
            (Wait-Job $job -Timeout 20).State | Should -Be 'Completed'
            $job.StatusMessage | Should -Be '4/10, 2 failed'
            Receive-Job $job -ErrorVariable errors 2>$null | Should -Be 1, 2
            "$errors" | Should -Be 'bad 3 bad 4'
        }

        It 'has ended with its input where that throws' {
            { & { 1; throw 'upstream' } | Invoke-ThreadedBatch { $_ } -AsJob -Name 'Orphan' } | Should -Throw 'upstream'
            $job = Get-Job -Name 'Orphan'
            (Wait-Job $job -Timeout 20).State | Should -Be 'Completed'
            Receive-Job $job | Should -Be 1
        }

        It 'asks before it does with -WhatIf' {
            $result = Invoke-Shell {
                $job = 1..3 | Invoke-ThreadedBatch { throw 'It ran.' } -AsJob -WhatIf
                (Wait-Job $job -Timeout 20).State
                $job.Error.Count
                Remove-Job $job
            }
            $result.Output | Should -Be 'Completed', 0
        }
    }

    Context 'Receive-Job' {
        It 'has each of the streams once, under the receiver''s preferences' {
            $job = 7 | Invoke-ThreadedBatch { 'o'; Write-Error 'e'; Write-Warning 'w'; Write-Verbose 'v'; Write-Debug 'd'; Write-Information 'i'; Write-Host 'h' } -AsJob -Verbose -Debug
            $null = Wait-Job $job -Timeout 20
            $VerbosePreference = $DebugPreference = 'Continue'
            $records = Receive-Job $job *>&1
            @($records | ForEach-Object { "$_" } | Sort-Object) | Should -Be 'd', 'e', 'h', 'i', 'o', 'v', 'w'
            $job.HasMoreData | Should -BeFalse
            Receive-Job $job *>&1 | Should -BeNullOrEmpty
        }

        It 'has errors as the body wrote them' {
            $job = 7 | Invoke-ThreadedBatch { throw 'bad' } -AsJob
            $null = Wait-Job $job -Timeout 20
            Receive-Job $job -ErrorVariable errors 2>$null
            $errors | Should -HaveCount 1
            $errors[0].FullyQualifiedErrorId | Should -Be 'bad'
            $errors[0].TargetObject | Should -Be 7
            $errors[0].InvocationInfo.Line | Should -BeLike "*throw 'bad'*"
        }

        It 'leaves everything there with -Keep' {
            $job = 1..3 | Invoke-ThreadedBatch { $_; if ($_ -eq 2) { throw 'bad' } } -AsJob -KeepOrder
            $null = Wait-Job $job -Timeout 20
            foreach ($round in 1, 2) {
                Receive-Job $job -Keep -ErrorVariable errors 2>$null | Should -Be 1, 2, 3
                $errors | Should -HaveCount 1
            }

            $job.HasMoreData | Should -BeTrue
            Receive-Job $job 2>$null | Should -Be 1, 2, 3
            $job.HasMoreData | Should -BeFalse
        }

        It 'has what there is while the job goes on' {
            $job = 1, 2 | Invoke-ThreadedBatch { if ($_ -eq 2) { $null = ($using:gate).Wait(20000) }; $_ } -AsJob -ThrottleLimit 1
            Wait-Until { $job.HasMoreData } -Timeout '00:00:20' | Should -BeTrue
            Receive-Job $job | Should -Be 1
            $job.State | Should -Be 'Running'
            $gate.Set()
            Receive-Job $job -Wait | Should -Be 2
        }

        It 'removes the job with -Wait -AutoRemoveJob, at whatever moment it ends' {
            foreach ($round in 1..40) {
                $clock = [System.Diagnostics.Stopwatch]::StartNew()
                $ended = 1, 2 | Invoke-ThreadedBatch { $_ } -AsJob -KeepOrder

                # The engine may remove it twice, on two threads, and complain of the second time.
                Receive-Job $ended -Wait -AutoRemoveJob -ErrorAction SilentlyContinue | Should -Be 1, 2
                $clock.Elapsed | Should -BeLessThan ([timespan]::FromSeconds(2.5))
            }

            @(Get-Job).Count | Should -Be $footprint.Jobs
        }

        It 'gives way to Ctrl+C, and the job goes on' {
            $shell = New-Shell
            try {
                $job = $shell.AddScript('param($gate) 1 | Invoke-ThreadedBatch { $null = ($using:gate).Wait(20000); $_ } -AsJob').AddArgument($gate).Invoke()[0]
                $shell.Commands.Clear()
                $null = $shell.AddCommand('Receive-Job').AddParameter('Job', $job).AddParameter('Wait')
                $null = $shell.BeginInvoke()
                Wait-Until { $shell.InvocationStateInfo.State -eq 'Running' } | Should -BeTrue
                $shell.Stop()
                $job.State | Should -Be 'Running'
                $gate.Set()
                Wait-Until { $job.State -eq 'Completed' } -Timeout '00:00:20' | Should -BeTrue
            }
            finally {
                $shell.Dispose()
            }

            $job = $null
        }
    }

    Context 'Stopping and removing' {
        It 'stops within seconds while bodies <Name>' -ForEach @(
            @{ Name = 'sleep'; Body = { ($using:started).Set(); Start-Sleep -Seconds 60 } }
            @{ Name = 'block in a .NET call'; Body = { ($using:started).Set(); [System.Threading.Thread]::Sleep(60000) } }
            @{ Name = 'compute'; Body = { ($using:started).Set(); while ($true) { $x++ } } }
        ) {
            $job = 1..4 | Invoke-ThreadedBatch $Body -AsJob -ThrottleLimit 2
            $started.Wait(20000) | Should -BeTrue
            $clock = [System.Diagnostics.Stopwatch]::StartNew()
            Stop-Job $job
            $clock.Elapsed | Should -BeLessThan $longestStop
            $job.State | Should -Be 'Stopped'
            Remove-Job $job
            $job = $null
        }

        It 'keeps what was done before the stop, in order' {
            $job = 1..5 | Invoke-ThreadedBatch { if ($_ -eq 3) { ($using:started).Set(); [System.Threading.Thread]::Sleep(60000) }; $_ } -AsJob -KeepOrder -ThrottleLimit 1
            $started.Wait(20000) | Should -BeTrue
            Stop-Job $job
            Receive-Job $job | Should -Be 1, 2
        }

        It 'accounts for every item with -AsResult' {
            $job = 1..5 | Invoke-ThreadedBatch { if ($_ -eq 3) { ($using:started).Set(); [System.Threading.Thread]::Sleep(60000) }; $_ } -AsJob -AsResult -KeepOrder -ThrottleLimit 1
            $started.Wait(20000) | Should -BeTrue
            Stop-Job $job
            $results = Receive-Job $job
            "$($results.Status)" | Should -Be 'Succeeded Succeeded Canceled Skipped Skipped'
            $results.Index | Should -Be 0, 1, 2, 3, 4
        }

        It 'is stopped with the pipeline that still feeds it' {
            $shell = New-Shell
            try {
                $null = $shell.AddScript('param($started) & { while ($true) { 1 } } | Invoke-ThreadedBatch { ($using:started).Set(); [System.Threading.Thread]::Sleep(1) } -AsJob').AddArgument($started)
                $running = $shell.BeginInvoke()
                $started.Wait(20000) | Should -BeTrue
                $shell.Stop()
                $running.IsCompleted | Should -BeTrue
            }
            finally {
                $shell.Dispose()
            }
        }

        It 'can be removed while it runs' {
            $job = 1..4 | Invoke-ThreadedBatch { ($using:started).Set(); [System.Threading.Thread]::Sleep(60000) } -AsJob -ThrottleLimit 2
            $started.Wait(20000) | Should -BeTrue
            { Remove-Job $job -ErrorAction Stop } | Should -Throw
            $clock = [System.Diagnostics.Stopwatch]::StartNew()
            Remove-Job $job -Force
            $clock.Elapsed | Should -BeLessThan $longestStop
            $job = $null
            @(Get-Job).Count | Should -Be $footprint.Jobs
        }

        It 'can be removed or stopped at whatever moment it ends' {
            # What is not caught on the job's own thread ends the process, and this run with it.
            foreach ($round in 1..100) {
                $ended = 1, 2 | Invoke-ThreadedBatch { $_ } -AsJob
                if ($round % 2) {
                    Remove-Job $ended -Force
                }
                else {
                    Stop-Job $ended
                    $ended.State | Should -BeIn 'Stopped', 'Completed'
                    Remove-Job $ended
                }
            }
        }

        It 'ends with the session that it was started in' {
            $shell = New-Shell
            $null = $shell.AddScript('param($started) 1..4 | Invoke-ThreadedBatch { ($using:started).Set(); [System.Threading.Thread]::Sleep(60000) } -AsJob -ThrottleLimit 2').AddArgument($started).Invoke()
            $started.Wait(20000) | Should -BeTrue
            $shell.Dispose()
            Assert-NoLeak $footprint
        }

        It 'does not hold up the exit of a process while bodies <Name>' -ForEach @(
            @{ Name = 'sleep'; Body = 'Start-Sleep -Seconds 60' }
            @{ Name = 'block in a .NET call'; Body = '[System.Threading.Thread]::Sleep(60000)' }
        ) {
            $script = "Import-Module '$(Get-BuiltManifest)'; `$e = [System.Threading.ManualResetEventSlim]::new(); `$null = 1..4 | Invoke-ThreadedBatch { (`$using:e).Set(); $Body } -AsJob -ThrottleLimit 2; `$e.Wait(20000)"
            $clock = [System.Diagnostics.Stopwatch]::StartNew()
            Invoke-Pwsh -NoProfile -NonInteractive -Command $script 2>&1 | Should -Be 'True'
            $LASTEXITCODE | Should -Be 0
            $clock.Elapsed | Should -BeLessThan ([timespan]::FromSeconds(40))
        }
    }

    Context 'Ends of its own' {
        It 'is Failed after <Name>' -ForEach @(
            @{ Name = '-TimeoutSeconds'; Id = 'Switchyard.RunTimedOut'; Parameters = @{ TimeoutSeconds = 1 }; Body = { [System.Threading.Thread]::Sleep(60000) } }
            @{ Name = '-MaxFailures'; Id = 'Switchyard.TooManyFailures'; Parameters = @{ MaxFailures = 2 }; Body = { throw 'bad' } }
            @{ Name = 'an -InitializationScript that throws'; Id = 'Switchyard.InitializationFailed'; Parameters = @{ InitializationScript = { throw 'bad' } }; Body = { $_ } }
        ) {
            $job = 1..20 | Invoke-ThreadedBatch $Body @Parameters -AsJob -ThrottleLimit 1
            (Wait-Job $job -Timeout 30).State | Should -Be 'Failed'
            Receive-Job $job -ErrorVariable errors 2>$null
            $errors[-1].FullyQualifiedErrorId | Should -BeLike "$Id*"
            "$($errors[-1] | Out-String)" | Should -BeLike '*Invoke-ThreadedBatch: *'
        }

        It 'reports an item''s deadline and goes on' {
            $job = 1..3 | Invoke-ThreadedBatch { if ($_ -eq 2) { [System.Threading.Thread]::Sleep(60000) }; $_ } -ItemTimeoutSeconds 4 -AsJob -KeepOrder
            (Wait-Job $job -Timeout 30).State | Should -Be 'Completed'
            Receive-Job $job -ErrorVariable errors 2>$null | Should -Be 1, 3
            $errors | Should -HaveCount 1
            $errors[0].FullyQualifiedErrorId | Should -BeLike 'Switchyard.ItemTimedOut*'
            $errors[0].TargetObject | Should -Be 2
            "$($errors[0] | Out-String)" | Should -BeLike '*Invoke-ThreadedBatch: *'
        }

        It 'stops at the first error with -ErrorAction Stop, and has no other' {
            $job = 1..9 | Invoke-ThreadedBatch { throw "bad $_" } -AsJob -ThrottleLimit 1 -KeepOrder -ErrorAction Stop
            (Wait-Job $job -Timeout 20).State | Should -Be 'Failed'
            Receive-Job $job -ErrorVariable errors 2>$null
            "$errors" | Should -Be 'bad 1'
        }

        It 'accounts for what came after too many failures' {
            $job = 1..30 | Invoke-ThreadedBatch { throw 'bad' } -AsJob -AsResult -MaxFailures 3 -ThrottleLimit 1
            (Wait-Job $job -Timeout 20).State | Should -Be 'Failed'
            $results = Receive-Job $job -ErrorVariable errors 2>$null
            @($results.Index | Sort-Object) | Should -Be (0..29)
            @($results | Where-Object Status -eq 'Skipped') | Should -HaveCount 27
            $errors[-1].Exception.Message | Should -BeLike '*Of 30 items read, 3 were finished and 27*'
        }

        It 'accounts for what came after too many failures also if its time is up before what runs has ended' {
            $started = [System.Threading.ManualResetEventSlim]::new()
            $late = { Get-Job -Name late }
            $job = & { 1, 2; $null = Wait-Until { (& $late).StatusMessage -like '*1 failed*' } -Timeout '00:00:20'; 3..5; $null = Wait-Until { (& $late).State -eq 'Failed' } -Timeout '00:00:20'; 6..9 } |
                Invoke-ThreadedBatch { if ($_ -eq 1) { $null = ($using:started).Wait(20000); throw 'bad' } else { ($using:started).Set(); Start-Sleep -Seconds 60 } } -AsJob -Name late -AsResult -MaxFailures 1 -ThrottleLimit 2 -TimeoutSeconds 8
            (Wait-Job $job -Timeout 20).State | Should -Be 'Failed'
            $results = Receive-Job $job -ErrorVariable errors 2>$null
            $errors[-1].FullyQualifiedErrorId | Should -BeLike 'Switchyard.RunTimedOut*'
            ($results | Sort-Object Index).Status | Should -Be 'Failed', 'TimedOut', 'Skipped', 'Skipped', 'Skipped'
            $errors[-1].Exception.Message | Should -BeLike '*Of 5 items read, 1 were finished, 1 were running*3 had not been started*'
        }

        It 'is Completed where no item was left out for too many failures' {
            $job = 1..3 | Invoke-ThreadedBatch { throw 'bad' } -AsJob -AsResult -MaxFailures 3
            (Wait-Job $job -Timeout 20).State | Should -Be 'Completed'
            $job.Error.Count | Should -Be 0
        }

        It 'ends an input that never ends, and is still written' {
            $job = & { while ($true) { 1 } } | Invoke-ThreadedBatch { throw 'bad' } -AsJob -MaxFailures 2
            (Wait-Job $job -Timeout 20).State | Should -Be 'Failed'
        }
    }

    It 'outlives the body that started it, out of the sight of other batches: <Name>' -ForEach @(
        @{ Name = 'kept sessions'; Parameters = @{} }
        @{ Name = 'fresh sessions'; Parameters = @{ FreshRunspace = $true } }
    ) {
        $job, $count = 1 | Invoke-ThreadedBatch { $inner = $using:gate; $_ | Invoke-ThreadedBatch { $null = ($using:inner).Wait(20000); "inner $_" } -AsJob; @(Get-Job).Count } -ThrottleLimit 1 @Parameters
        $count | Should -Be 1
        $job.State | Should -Be 'Running'
        $gate.Set()
        Wait-Until { $job.State -eq 'Completed' } -Timeout '00:00:20' | Should -BeTrue
        $job.Output | Should -Be 'inner 1'
        1..8 | Invoke-ThreadedBatch { @(Get-Job).Count } | Sort-Object -Unique | Should -Be 0
        $job.Dispose()
        $job = $null
    }

    It 'works in a hosted session' {
        $result = Invoke-Shell {
            $job = 1..3 | Invoke-ThreadedBatch { $_; Write-Warning "w$_" } -AsJob -KeepOrder
            Wait-Job $job | Receive-Job -Wait -AutoRemoveJob
            @(Get-Job).Count
        }
        $result.Output | Should -Be 1, 2, 3, 0
        $result.Warnings.Message | Should -Be 'w1', 'w2', 'w3'
        $result.Errors | Should -BeNullOrEmpty
    }
}
