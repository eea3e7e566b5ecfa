#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5.0' }

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1') -Force
    Import-BuiltModule
    $cacheBefore = $env:XDG_CACHE_HOME
    $env:XDG_CACHE_HOME = Join-Path $TestDrive 'cache'
    $choices = Join-Path $env:XDG_CACHE_HOME 'switchyard' 'choices.json'

    # What a body writes that computes for some milliseconds and makes the collector work.
    $allocating = { $objects = for ($i = 0; $i -lt 4000; $i++) { [pscustomobject]@{ Number = $i; Text = "$i" } }; $objects.Count + $_ }
}

AfterAll {
    $env:XDG_CACHE_HOME = $cacheBefore
}

Describe 'Invoke-Batch' {
    BeforeEach {
        $footprint = Get-Footprint
    }

    AfterEach {
        Assert-NoLeak $footprint
    }

    Context 'Items, as with the other batch commands' {
        It 'runs each item once, and keeps the order' {
            1..5000 | Invoke-Batch { $_ * 2 } -KeepOrder | Should -Be @(1..5000 | ForEach-Object { $_ * 2 })
        }

        It 'has nothing to do for an empty pipeline' {
            @() | Invoke-Batch { throw 'no item' } | Should -BeNullOrEmpty
        }

        It 'gives a body what it asks for' {
            function Get-Twice($Number) { $Number * 2 }
            $three = 3
            1..4 | Invoke-Batch { param($one) (Get-Twice $_) * $using:three + $one + $four } -FunctionName Get-Twice -ArgumentList 1 -Variable @{ four = 4 } -KeepOrder |
                Should -Be 11, 17, 23, 29
        }

        It 'tells how each item ended' {
            $results = 1..4 | Invoke-Batch { if ($_ % 2) { throw "odd $_" }; $_ } -AsResult -RetryCount 1 -RetryDelaySeconds 0
            $results | Sort-Object Index | ForEach-Object Status | Should -Be 'Failed', 'Succeeded', 'Failed', 'Succeeded'
            $results | Sort-Object Index | ForEach-Object Attempts | Should -Be 2, 1, 2, 1
        }

        It 'stops the command before it' {
            $read = [System.Collections.Generic.List[int]]::new()
            & { for ($i = 0; ; $i++) { $read.Add($i); $i } } | Invoke-Batch { $_ } | Select-Object -First 3 | Should -HaveCount 3
            $read.Count | Should -BeLessThan 100000
        }

        It 'ends an item at its deadline' {
            $results = 1, 600 | Invoke-Batch { Start-Sleep -Seconds ($_ / 10 * ($_ -gt 1)); $_ } -ItemTimeoutSeconds 4 -AsResult -KeepOrder
            $results.Status | Should -Be 'Succeeded', 'TimedOut'
        }

        It 'keeps a journal and goes on from it' {
            $journal = Join-Path $TestDrive 'run.jsonl'
            1..6 | Invoke-Batch { if ($_ -eq 4) { throw 'four' }; $_ } -JournalPath $journal -ErrorAction SilentlyContinue | Sort-Object | Should -Be 1, 2, 3, 5, 6
            1..6 | Invoke-Batch { if ($_ -eq 4) { throw 'four' }; $_ } -JournalPath $journal -Resume -ErrorAction SilentlyContinue -ErrorVariable failed | Should -BeNullOrEmpty
            $failed.TargetObject | Should -Be 4
        }

        It 'runs as a job' {
            $job = 1..5 | Invoke-Batch { $_ + 1 } -AsJob -KeepOrder
            $job | Wait-Job | Receive-Job | Should -Be 2, 3, 4, 5, 6
            Remove-Job $job
        }

        It 'runs a program' -Skip:$IsWindows {
            1..5 | Invoke-Batch -FilePath sh -ArgumentList '-c', 'echo "<$0>"', "a '{}' b" -KeepOrder | Should -Be (1..5 | ForEach-Object { "<a '$_' b>" })
        }
    }

    Context 'What it decides' {
        It 'gives items that wait more threads than there are cores, and says so' {
            # No item ends before eight of them run.
            $together = [System.Threading.CountdownEvent]::new(8)
            $verbose = 1..8 | Invoke-Batch { $event = $using:together; $null = $event.Signal(); $event.Wait() } -Verbose 4>&1
            $together.IsSet | Should -BeTrue
            "$verbose" | Should -Match 'Throttle from \d+ to \d+: (no item has ended|CPU \d+ % of the first items)'
        }

        It 'moves to processes where the collector stops threads, and each item has its result' {
            $warm = 1..2 | Invoke-ProcessBatch { 1 } -ThrottleLimit 2
            $warm | Should -Be 1, 1
            $output = 1..100000 | Invoke-Batch {
                $objects = for ($i = 0; $i -lt 4000; $i++) { [pscustomobject]@{ Number = $i; Text = "$i" } }
                $objects.Count + $_
            } -KeepOrder -Verbose -Fresh 4>&1 | & {
                process {
                    $_
                    if ("$_" -like 'Moves to processes*') { $moved = $true }
                    elseif ($moved) { $after++ }
                }
            } | Select-Object -First 2500
            $numbers = @($output | Where-Object { $_ -isnot [System.Management.Automation.VerboseRecord] })
            $numbers | Should -Be @(1..$numbers.Count | ForEach-Object { 4000 + $_ })
        }

        It 'stays on threads where a copy would be wrong: <Name>' -ForEach @(
            @{ Name = 'a list that the body fills'; Body = { ($using:shared).Add($_) } }
            @{ Name = 'the number of the process'; Body = { $PID } }
        ) {
            $shared = [System.Collections.ArrayList]::Synchronized([System.Collections.ArrayList]::new())
            $output = @(1..50 | Invoke-Batch $Body -ReportVariable report)
            if ($Name -like 'a list*') { $shared.Count | Should -Be 50 } else { $output | Should -Be (@($PID) * 50) }
            $report.Recommendation | Should -Not -Be 'Processes'
        }

        It 'says what would be tried and runs nothing' {
            $ran = [System.Collections.Generic.List[int]]::new()
            1..2 | Invoke-Batch { ($using:ran).Add($_) } -WhatIf
            $ran.Count | Should -Be 0
        }

        It 'tells what it has learnt' {
            $output = 1..30 | Invoke-Batch { Start-Sleep -Milliseconds 5; $_ } -ReportVariable report
            $output | Should -HaveCount 30
            $report | Should -BeOfType ([Switchyard.BottleneckReport])
            $report.WaitPercent | Should -BeGreaterThan 0
            $report.Evidence | Should -Not -BeNullOrEmpty
            $report.SampledCount | Should -BeGreaterThan 0
            $report.Command | Should -BeLike '*Invoke-ThreadedBatch { Start-Sleep -Milliseconds 5; $_ } -ThrottleLimit*'
            $report.Command | Should -Not -Match 'ReportVariable'
        }

        It 'writes the report as a page' {
            $page = Join-Path $TestDrive 'report.html'
            1..5 | Invoke-Batch { Start-Sleep -Milliseconds 5 } -ReportPath $page
            Get-Content -Raw -LiteralPath $page | Should -Match '<html'
        }

        It 'has no report without an item that succeeded' {
            1 | Invoke-Batch { throw 'never' } -ReportVariable nothing -ErrorAction SilentlyContinue -WarningVariable warned -WarningAction SilentlyContinue
            "$warned" | Should -Match 'no report'
        }
    }

    Context 'What it remembers' {
        It 'begins with what did best the last time, unless that is to be forgotten' {
            $body = { Start-Sleep -Milliseconds 2; $_ }

            # Two at a time, so that it takes the half second from which on it is remembered, however fast the machine is.
            $null = 1..1000 | Invoke-Batch $body -ThrottleLimit 2
            $choices | Should -Exist
            Get-Content -Raw -LiteralPath $choices | Should -Not -Match 'Start-Sleep'

            $second = 1..20 | Invoke-Batch $body -ThrottleLimit 2 -Verbose -ReportVariable report 4>&1
            "$second" | Should -Match 'The last time threads did best'
            "$($report.Evidence)" | Should -Match 'The memory held threads'

            $third = 1..20 | Invoke-Batch $body -ThrottleLimit 2 -Fresh -Verbose 4>&1
            "$third" | Should -Not -Match 'The last time'
            $fourth = 1..20 | Invoke-Batch $body -ThrottleLimit 2 -Verbose 4>&1
            "$fourth" | Should -Not -Match 'The last time'
        }

        It 'begins with processes where threads have only held each other up' {
            $body = { [System.Threading.Thread]::Sleep(2); $_ }
            $null = 1..1000 | Invoke-Batch $body -ThrottleLimit 2
            $held = Get-Content -Raw -LiteralPath $choices | ConvertFrom-Json -AsHashtable
            $learnt = $held[@($held.Keys)[-1]]
            $learnt.processRate | Should -Be 0

            # As a batch leaves it whose threads the collector has stopped, and for which it was too late to move.
            $learnt.way, $learnt.rate, $learnt.threadRate = [int] [Switchyard.Core.Analysis.Recommendation]::Processes, 100, 50
            ConvertTo-Json $held -Compress | Set-Content -LiteralPath $choices
            $second = 1..1000 | Invoke-Batch $body -ThrottleLimit 2 -Verbose 4>&1
            "$($second -like '*processes*')" | Should -BeLike 'Begins with 2 processes, which are expected to do 100 items/s: the last time threads held each other up, and did 50.0 items/s.*'
            $second | Where-Object { $_ -is [int] } | Sort-Object | Should -Be (1..1000)
        }

        It 'keeps what a longer batch has shown where a short one shows nothing' {
            $body = { [System.Threading.Thread]::Sleep(600) }
            1..2 | Invoke-Batch $body -ThrottleLimit 2
            $held = Get-Content -Raw -LiteralPath $choices | ConvertFrom-Json -AsHashtable
            $key = @($held.Keys)[-1]
            $held[$key].itemSeconds | Should -Be 0 -Because 'two items are no measurement'
            $held[$key].itemSeconds, $held[$key].cpuSeconds, $held[$key].width, $held[$key].rate = 1, 0.5, 1, 77
            ConvertTo-Json $held -Compress | Set-Content -LiteralPath $choices
            1..3 | Invoke-Batch $body -ThrottleLimit 2
            $kept = (Get-Content -Raw -LiteralPath $choices | ConvertFrom-Json -AsHashtable)[$key]
            $kept.width, $kept.rate, $kept.items, $kept.runs | Should -Be 1, 77, 3, 2
        }

        It 'forgets nothing where it only says what it would do' {
            $body = { Start-Sleep -Milliseconds 2 }
            1..1000 | Invoke-Batch $body -ThrottleLimit 2
            $held = Get-Content -Raw -LiteralPath $choices
            1 | Invoke-Batch $body -Fresh -WhatIf
            Get-Content -Raw -LiteralPath $choices | Should -Be $held
        }

        It 'goes on without a memory that is damaged' {
            New-Item -ItemType File -Force -Path $choices -Value '{ not json' | Out-Null
            1..3 | Invoke-Batch { $_ } -KeepOrder | Should -Be 1, 2, 3
        }
    }

    Context 'What it refuses' {
        It 'refuses to decide without measuring' {
            { 1 | Invoke-Batch { $_ } -AutoThrottle:$false } | Should -Throw -ErrorId 'Switchyard.AutoThrottleNeeded,Switchyard.Commands.InvokeBatchCommand'
        }

        It 'refuses a report of a job' {
            { 1 | Invoke-Batch { $_ } -AsJob -ReportVariable r } | Should -Throw -ErrorId 'Switchyard.ParametersExcludeEachOther,Switchyard.Commands.InvokeBatchCommand'
        }

        It 'refuses a variable that cannot be set, before an item runs' {
            $ran = [System.Collections.Generic.List[int]]::new()
            { 1 | Invoke-Batch { ($using:ran).Add($_) } -ReportVariable PID } | Should -Throw -ErrorId 'VariableNotWritable*'
            $ran.Count | Should -Be 0
        }

        It 'keeps what the items wrote where the variable takes no report' {
            [int] $number = 1
            1..3 | Invoke-Batch { $_ } -KeepOrder -ReportVariable number -ErrorVariable failed -ErrorAction SilentlyContinue | Should -Be 1, 2, 3
            $failed | Should -HaveCount 1
        }

        It 'refuses a page where there can be none, before an item runs' {
            { 1 | Invoke-Batch { throw 'ran' } -ReportPath (Join-Path $TestDrive 'no' 'folder' 'x.html') } | Should -Throw -ErrorId '*ReportNotWritten*'
        }
    }
}
