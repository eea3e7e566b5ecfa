#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5.0' }

BeforeDiscovery {
    $commands = 'Invoke-ThreadedBatch', 'Invoke-ProcessBatch', 'Invoke-Batch'
    $both = 'Invoke-ThreadedBatch', 'Invoke-ProcessBatch'
}

Describe 'What workers sum up' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Common.psm1') -Force
        Import-BuiltModule

        function Get-Total {
            param($Sums)

            ($Sums | Measure-Object -Sum).Sum
        }
    }

    BeforeEach {
        $footprint = Get-Footprint
        $ErrorActionPreference = 'Continue'
    }

    AfterEach {
        Assert-NoLeak $footprint
    }

    Context 'On each kind of worker' {
        It 'is written once by each that has run an item: <_>' -ForEach $commands {
            $counts = 1..500 | & $_ { $worker.Sum += $_ } -CompletionScript { $worker.Sum } -ThrottleLimit 3
            Get-Total $counts | Should -Be 125250
            @($counts).Count | Should -BeLessOrEqual 3
        }

        It 'counts words without shared state: <_>' -ForEach $commands {
            $words = 'the cat', 'The dog', 'a cat and the end' | & $_ { foreach ($word in $_ -split ' ') { $worker[$word]++ } } -ThrottleLimit 2 -CompletionScript {
                $worker.GetEnumerator() | ForEach-Object { [pscustomobject]@{ Word = $_.Key.ToLowerInvariant(); Number = $_.Value } }
            }
            $words | Group-Object Word | ForEach-Object { "$($_.Name) $(Get-Total $_.Group.Number)" } | Sort-Object | Should -Be 'a 1', 'and 1', 'cat 2', 'dog 1', 'end 1', 'the 3'
        }

        It 'is over what all scripts share, and no other worker sees: <_>' -ForEach $both {
            $factor = 10
            $seen = 1..4 | & $_ { $worker.Sum += $_ * $worker.Factor } -InitializationScript { $worker.Factor = $using:factor } -ThrottleLimit 2 -CompletionScript {
                "$(($worker.Keys | Sort-Object) -join ',') $($null -eq $_) $($args.Count) $($using:factor)"
                $worker.Sum
            }
            $seen | Where-Object { $_ -is [string] } | Sort-Object -Unique | Should -Be 'Factor,Sum True 0 10'
            Get-Total ($seen | Where-Object { $_ -isnot [string] }) | Should -Be 100
        }

        It 'begins anew with each batch, also on workers that were kept: <_>' -ForEach $both {
            $command = $_
            1..3 | ForEach-Object { 1..10 | & $command { $worker.Sum += $_ } -CompletionScript { $worker.Sum } -ThrottleLimit 1 } | Should -Be 55, 55, 55
            1 | & $command { $worker -is [hashtable]; @($worker.Keys).Count } | Should -Be $true, 0
        }

        It 'is of each process, also of those that were replaced' {
            # Each is replaced after an item, when the next has begun.
            $all = 1..6 | Invoke-ProcessBatch { $worker.Sum += $_; "item $_" } -CompletionScript { "sum $($worker.Sum)" } -MaxWorkerMemoryMB 20 -ThrottleLimit 1 -NoReuse -AsResult
            ($all | Where-Object { $_ -is [Switchyard.BatchResult] }).Output | Sort-Object | Should -Be (1..6 | ForEach-Object { "item $_" })
            ($all | Where-Object { $_ -is [string] } | ForEach-Object { [int] ($_ -replace 'sum ') } | Measure-Object -Sum).Sum | Should -Be 21

            $sums = 1..40 | Invoke-ProcessBatch { $worker.Sum += $_ } -CompletionScript { $worker.Sum } -MaxItemsPerWorker 10 -ThrottleLimit 2
            Get-Total $sums | Should -Be 820
            @($sums).Count | Should -BeGreaterOrEqual 4
            $sums = 1..3 | Invoke-ProcessBatch { $worker.Sum += $_; $worker.Junk = [byte[]]::new(400MB); [array]::Fill($worker.Junk, [byte]1) } -CompletionScript { $worker.Sum } -MaxWorkerMemoryMB 300 -ThrottleLimit 1
            $sums | Should -Be 1, 2, 3
        }

        It 'is of each item where each has a worker of its own: <Command>' -ForEach @(
            @{ Command = 'Invoke-ThreadedBatch'; Fresh = @{ FreshRunspace = $true } }
            @{ Command = 'Invoke-ProcessBatch'; Fresh = @{ FreshProcess = $true } }
        ) {
            1..4 | & $Command { $worker.Sum += $_ } -CompletionScript { $worker.Sum } @Fresh -ThrottleLimit 2 | Sort-Object | Should -Be 1, 2, 3, 4
        }

        It 'comes from other machines' -Skip:$IsWindows {
            $far = @{ LaunchCommand = 'env'; WorkersPerHost = 2; PowerShellPath = (Get-Pwsh).Path }
            Get-Total (1..50 | Invoke-ProcessBatch @far { $worker.Sum += $_ } -CompletionScript { $worker.Sum }) | Should -Be 1275
        }

        It 'is complete where the number of workers is adjusted' {
            Get-Total (1..2000 | Invoke-ThreadedBatch { $worker.Sum += $_; [System.Threading.Thread]::Sleep(1) } -AutoThrottle -CompletionScript { $worker.Sum }) | Should -Be 2001000
        }

        It 'is the worker''s own in a cloned session, and in a nested batch' {
            $worker = @{ Mine = 1 }
            1..3 | Invoke-ThreadedBatch { $worker.Sum += $_ } -CompletionScript { "$($worker.Keys) $($worker.Sum)" } -CloneSession -ThrottleLimit 1 | Should -Be 'Sum 6'
            $worker.Keys | Should -Be 'Mine'
            1, 2 | Invoke-ThreadedBatch -ThrottleLimit 1 -CompletionScript { $worker.Outer } {
                $worker.Outer += 1..3 | Invoke-ThreadedBatch { $worker.Inner += $_ } -CompletionScript { $worker.Inner } -CloneSession -ThrottleLimit 1
            } | Should -Be 12
        }

        It 'uses functions and modules as the body does' {
            function Get-Double { $args[0] * 2 }
            1..4 | Invoke-ThreadedBatch { $worker.Sum += $_ } -CompletionScript { Get-Double $worker.Sum } -FunctionName Get-Double -ThrottleLimit 1 | Should -Be 20
        }
    }

    Context 'In the output' {
        It 'comes after all items with -KeepOrder: <_>' -ForEach $both {
            $all = 1..50 | & $_ { $worker.Sum += $_; $_ } -CompletionScript { "sum $($worker.Sum)" } -KeepOrder -ThrottleLimit 3
            $all[0..49] | Should -Be (1..50)
            Get-Total (($all | Select-Object -Skip 50) -replace 'sum ') | Should -Be 1275
        }

        It 'is as it is beside results' {
            $all = 1..20 | Invoke-ThreadedBatch { $worker.Sum += $_; $_ } -CompletionScript { $worker.Sum } -AsResult -ThrottleLimit 2
            $results, $sums = $all.Where({ $_ -is [Switchyard.BatchResult] }, 'Split')
            $results | Should -HaveCount 20
            Get-Total $sums | Should -Be 210
        }

        It 'is received from a job' {
            $job = 1..20 | Invoke-ThreadedBatch { $worker.Sum += $_ } -CompletionScript { $worker.Sum } -AsJob -ThrottleLimit 2
            Get-Total ($job | Wait-Job | Receive-Job -Wait -AutoRemoveJob) | Should -Be 210
        }

        It 'goes to the streams that it is written to' {
            $warned = 1..3 | Invoke-ThreadedBatch { $_ } -CompletionScript { Write-Warning 'summed'; Write-Error 'odd'; 'went on' } -ThrottleLimit 1 -KeepOrder -WarningVariable warnings -ErrorVariable errors -WarningAction SilentlyContinue -ErrorAction SilentlyContinue
            $warned | Should -Be 1, 2, 3, 'went on'
            $warnings | Should -Be 'summed'
            $errors | Should -HaveCount 1
            $errors[0].FullyQualifiedErrorId | Should -BeLike '*WriteErrorException*'
        }

        It 'is nothing where no item ran' {
            @() | Invoke-ThreadedBatch { $_ } -CompletionScript { 'ran' } | Should -BeNullOrEmpty
            1..3 | Invoke-ThreadedBatch { $_ } -CompletionScript { 'ran' } -WhatIf | Should -BeNullOrEmpty
        }
    }

    Context 'When something goes wrong' {
        It 'fails with one error for each worker, at the script''s own place: <_>' -ForEach $both {
            $got = 1..3 | & $_ { $_ } -CompletionScript { 'before'; throw 'bad end' } -ThrottleLimit 1 -KeepOrder -ErrorVariable failures -ErrorAction SilentlyContinue
            $got | Should -Be 1, 2, 3, 'before'
            $failures | Should -HaveCount 1
            $failures[0].FullyQualifiedErrorId | Should -BeLike 'Switchyard.CompletionFailed*'
            $failures[0].Exception.Message | Should -BeLike '*bad end*'
            $failures[0].InvocationInfo.ScriptLineNumber | Should -BeGreaterThan 0
        }

        It 'counts as a failure' {
            $items = 1..100 | Invoke-ProcessBatch { $_ } -CompletionScript { throw 'bad end' } -MaxItemsPerWorker 10 -MaxFailures 1 -ThrottleLimit 1 -ErrorVariable failures -ErrorAction SilentlyContinue
            @($items).Count | Should -BeLessThan 100
            $failures.FullyQualifiedErrorId | Should -Contain 'Switchyard.TooManyFailures,Switchyard.Commands.InvokeProcessBatchCommand'
        }

        It 'ends at what ends an item' {
            1..3 | Invoke-ThreadedBatch { $worker.Sum += $_ } -CompletionScript { $worker.Sum; exit 3; 'not' } -ThrottleLimit 1 | Should -Be 6
            1..3 | Invoke-ThreadedBatch { $worker.Sum += $_ } -CompletionScript { foreach ($x in 1) { $worker.Sum }; return; 'not' } -ThrottleLimit 1 | Should -Be 6
        }

        It 'is told to be lost with its process, and how much that is' {
            $sums = 1..10 | Invoke-ProcessBatch -ThrottleLimit 1 -ErrorVariable failures -ErrorAction SilentlyContinue -CompletionScript { $worker.Sum } {
                if ($_ -eq 5) { Stop-Process -Id $PID -Force }
                $worker.Sum += $_
            }
            $sums | Should -Be 40
            $failures.FullyQualifiedErrorId -replace ',.*' | Should -Be 'Switchyard.SumsLost', 'Switchyard.WorkerCrashed'
            $failures[0].Exception.Message | Should -BeLike '*4 item*'
        }

        It 'counts an item that is tried again where it was run to its end' {
            $sums = 1..10 | Invoke-ProcessBatch -ThrottleLimit 1 -CrashRetryCount 1 -ErrorVariable failures -ErrorAction SilentlyContinue -CompletionScript { $worker.Sum } {
                if ($_ -eq 5 -and -not (Test-Path "$using:TestDrive/died")) {
                    Set-Content "$using:TestDrive/died" ''
                    Stop-Process -Id $PID -Force
                }

                $worker.Sum += $_
            }
            $sums | Should -Be 45
            $failures.FullyQualifiedErrorId -replace ',.*' | Should -Be 'Switchyard.SumsLost'
            $attempts = @{}
            1..5 | Invoke-ThreadedBatch { if (-not ($using:attempts)[$_]) { ($using:attempts)[$_] = 1; throw 'first' }; $worker.Sum += $_ } -RetryCount 1 -RetryDelaySeconds 0 -CompletionScript { $worker.Sum } -ThrottleLimit 1 |
                Should -Be 15
        }

        It 'is not written after the deadline of the batch, which is said' {
            $sums = 1..3 | Invoke-ThreadedBatch { if ($_ -eq 3) { Start-Sleep 600 } } -CompletionScript { 'ran' } -ThrottleLimit 1 -TimeoutSeconds 4 -ErrorVariable failures -WarningVariable warnings -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
            $sums | Should -BeNullOrEmpty
            $failures.FullyQualifiedErrorId -replace ',.*' | Should -Be 'Switchyard.RunTimedOut'
            $warnings | Should -BeLike '*2 item*'
        }

        It 'is not written where nothing more is wanted' {
            1..100 | Invoke-ThreadedBatch { $_ } -CompletionScript { Set-Content "$using:TestDrive/ran" '' } -ThrottleLimit 1 | Select-Object -First 1 | Should -Be 1
            "$TestDrive/ran" | Should -Not -Exist
        }

        It 'is of what was done after too many failures' {
            1..10 | Invoke-ThreadedBatch { if ($_ -gt 4) { throw 'no' }; $worker.Sum += $_ } -CompletionScript { $worker.Sum } -ThrottleLimit 1 -MaxFailures 1 -ErrorAction SilentlyContinue | Should -Be 10
        }

        It 'is of the items of this run alone where a journal has others' {
            $journal = "$TestDrive/journal"
            1..6 | Invoke-ThreadedBatch { if ($_ -gt 3) { throw 'not yet' }; $worker.Sum += $_ } -CompletionScript { $worker.Sum } -ThrottleLimit 1 -JournalPath $journal -ErrorAction SilentlyContinue | Should -Be 6
            1..6 | Invoke-ThreadedBatch { $worker.Sum += $_ } -CompletionScript { $worker.Sum } -ThrottleLimit 1 -JournalPath $journal -Resume -WarningAction SilentlyContinue | Should -Be 15
        }
    }

    Context 'Where it makes no sense' {
        It 'is refused beside -Speculate, where an item may run twice' {
            { 1 | Invoke-ProcessBatch { $_ } -LaunchCommand env -Speculate -CompletionScript { 1 } } | Should -Throw -ErrorId 'Switchyard.ParametersExcludeEachOther,*'
        }

        It 'has a name that no other variable has' {
            { 1 | Invoke-ThreadedBatch { $_ } -Variable @{ worker = 1 } } | Should -Throw -ErrorId 'Switchyard.VariableNameNotAllowed,*'
        }
    }
}
