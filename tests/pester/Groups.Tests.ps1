#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5.0' }

# -BatchSize: several items at a time.
Describe 'Items in groups' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Common.psm1') -Force
        Import-BuiltModule
        $program = Find-TestProgram
    }

    Context 'A body' {
        It 'is given an array by <_>, and of the last items what is left' -ForEach 'Invoke-ThreadedBatch', 'Invoke-ProcessBatch', 'Invoke-Batch' {
            1..10 | & $_ -BatchSize 4 -KeepOrder { "$($_ -is [array]) $($PSItem.Count) $($_[-1])" } | Should -Be 'True 4 4', 'True 4 8', 'True 2 10'
        }

        It 'is given an array also of one item by <_>' -ForEach 'Invoke-ThreadedBatch', 'Invoke-ProcessBatch', 'Invoke-Batch' {
            'abc' | & $_ -BatchSize 1 { "$($_ -is [array]) $($_[0])" } | Should -Be 'True abc'
            'abc' | & $_ -BatchSize 100 { "$($_ -is [array]) $($_[0])" } | Should -Be 'True abc'
        }

        It 'runs not at all without items' {
            , @() | ForEach-Object { $_ } | Invoke-ThreadedBatch -BatchSize 3 { 'ran' } | Should -BeNullOrEmpty
        }

        It 'is given items as they are: arrays, $null, live objects' {
            $items = @((, 1), $null, (Get-Item $PSCommandPath), @{ a = 1 })
            foreach ($command in 'Invoke-ThreadedBatch', 'Invoke-ProcessBatch') {
                $items | ForEach-Object { , $_ } | & $command -BatchSize 4 {
                    "$($_.Count) $($_[0] -is [array]) $($null -eq $_[1]) $($_[2] -is [System.IO.FileInfo]) $($_[2].Length -gt 0) $($_[3].a)"
                } | Should -Be '4 True True True True 1'
            }
        }

        It 'has what it shares with the caller, and its own parameters' {
            $factor = 3
            1..4 | Invoke-ThreadedBatch -BatchSize 2 -KeepOrder -ArgumentList 10 { param($add) foreach ($one in $_) { $one * $using:factor + $add } } | Should -Be 13, 16, 19, 22
        }

        It 'waits for its items, and takes them as they come from a queue that its own items fill' {
            $queue = New-SharedState -Kind Queue
            1..3 | ForEach-Object { $queue.Enqueue($_) }
            $queue.Complete()
            $queue | Invoke-ThreadedBatch -BatchSize 2 { foreach ($one in $_) { if ($one -lt 20) { ($using:queue).Enqueue($one * 3) }; $one } } |
                Sort-Object | Should -Be 1, 2, 3, 3, 6, 9, 9, 18, 27, 27, 54
        }

        It 'starts in a job as soon as there is a group, while more is to come' {
            $ProgressPreference = 'SilentlyContinue'
            $started = [System.Threading.ManualResetEventSlim]::new()
            $seen = [System.Collections.Generic.List[bool]]::new()
            $job = & { 1..2; $seen.Add($started.Wait(20000)); 3..4 } | Invoke-ThreadedBatch -BatchSize 2 -AsJob { ($using:started).Set(); $_ }
            Wait-Job $job | Receive-Job -Wait -AutoRemoveJob | Sort-Object | Should -Be (1..4)
            $seen | Should -Be $true
        }

        It 'runs as a job' {
            1..10 | Invoke-ThreadedBatch -BatchSize 4 -KeepOrder -AsJob { $_.Count } | Wait-Job | Receive-Job -Wait -AutoRemoveJob | Should -Be 4, 4, 2
        }

        It 'stays on threads with Invoke-Batch where it changes the items in its array' {
            $tables = 1..200 | ForEach-Object { @{ N = $_ } }
            $tables | Invoke-Batch -BatchSize 10 -TotalCount 200 { foreach ($table in $_) { $table.Done = $true; for ($i = 0; $i -lt 2000; $i++) { $null = $i * $i } } }
            ($tables | Where-Object Done).Count | Should -Be 200
        }

        It 'takes a hundred thousand items, in order' {
            $output = 1..100000 | Invoke-ThreadedBatch -BatchSize 1000 -KeepOrder { $_ }
            $output.Count | Should -Be 100000
            [System.Linq.Enumerable]::SequenceEqual([int[]]$output, [int[]](1..100000)) | Should -BeTrue
        }

        It 'leaves out an item that is refused, and runs the others' {
            1, { x }, 3, 4 | Invoke-ThreadedBatch -BatchSize 3 -AsResult -KeepOrder { "$_" } | ForEach-Object { "$($_.Index) $($_.Status) $($_.Output)" } |
                Should -Be '0 Succeeded 1', '1 Failed ', '2 Succeeded 3 4', '3 Succeeded '
        }
    }

    Context 'A program' {
        It 'is given an argument for each item where {} stands alone, whatever is in it' {
            $names = 'a b', 'c"d', '$e', "f'g", 'ü*', '-n'
            $names | Invoke-ThreadedBatch -FilePath $program -ArgumentList 'print', '{}' -BatchSize 4 -KeepOrder -AsResult | ForEach-Object { $_.Output } |
                Should -Be $names
        }

        It 'is given its items at the end if they stand nowhere' {
            1..3 | Invoke-ThreadedBatch -FilePath $program -ArgumentList 'print', 'x' -BatchSize 2 -KeepOrder | Should -Be 'x', '1', '2', 'x', '3'
        }

        It 'is given an element for each item that is made of it, and others once' {
            'd/a.txt', 'b.txt', 'c.txt' | Invoke-ThreadedBatch -FilePath $program -ArgumentList 'print', 'n{#}', '--in={/.}.x', { "<$_>" }, 'end' -BatchSize 2 -KeepOrder |
                Should -Be 'n1', '--in=a.x', '--in=b.x', '<d/a.txt>', '<b.txt>', 'end', 'n3', '--in=c.x', '<c.txt>', 'end'
        }

        It 'is given as many as fit, and at the end of the input each worker has its share' {
            $groups = 1..10 | Invoke-ThreadedBatch -FilePath $program -ArgumentList 'print', '{}' -BatchSize 0 -ThrottleLimit 4 -AsResult -KeepOrder | ForEach-Object { "$($_.Output)" }
            $groups | Where-Object { $_ } | Should -Be '1 2 3', '4 5 6', '7 8', '9 10'
        }

        It 'is given no more than -MaxCommandLength allows, but at least one' {
            $own = $program.Length + 1 + 'print'.Length + 1
            $names = 'aaaa', 'bbbb', 'cccc', ('d' * 100), 'e'
            $groups = $names | Invoke-ThreadedBatch -FilePath $program -ArgumentList 'print', '{}' -BatchSize 0 -MaxCommandLength ($own + 12) -ThrottleLimit 1 -AsResult -KeepOrder
            $groups.Output -join ' ' | Should -Be ($names -join ' ')
            $groups | Where-Object Output | ForEach-Object { $_.Output.Count } | Should -Be 2, 1, 1, 1
        }

        It 'is given fewer than -BatchSize where the system takes no more, and all arrive' {
            $names = 1..30000 | ForEach-Object { "$_".PadLeft(100, '-') }
            $output = $names | Invoke-ThreadedBatch -FilePath $program -ArgumentList 'print', '{}' -BatchSize 30000 -KeepOrder
            $output.Count | Should -Be 30000
            $output[-1] | Should -Be $names[-1]
        }

        It 'has files of its own, whose path each of its items has' {
            $folder = Join-Path $TestDrive 'files'
            $results = 1..3 | Invoke-ThreadedBatch -FilePath $program -ArgumentList 'print', '{}' -BatchSize 2 -OutputDirectory $folder -AsResult -KeepOrder
            $results.OutputPath | Split-Path -Leaf | Should -Be '0', '0', '2'
            Get-Content (Join-Path $folder '0.stdout') | Should -Be '1', '2'
        }

        It 'is shown with each item that it would be given' {
            $script = Join-Path $TestDrive 'what-if.ps1'
            Set-Content $script 'Import-Module $args[0]; "a", "b" | Invoke-ThreadedBatch -FilePath sh -BatchSize 7 -WhatIf; "c" | Invoke-ThreadedBatch -FilePath sh -BatchSize 0 -WhatIf'
            $shown = Invoke-Pwsh -NoProfile -File $script (Get-Module Switchyard).Path
            $shown | Should -BeLike '*"Run executable sh ? (together with others, *'
            $shown[1] | Should -BeLike '*up to 7 items at a time)" on target "b"*'
            $shown[2] | Should -BeLike '*as many items at a time as fit)" on target "c"*'
        }
    }

    Context 'Results' {
        It 'are one for each item, and what the group wrote stands with its first' {
            1..5 | Invoke-ThreadedBatch -BatchSize 2 -AsResult -KeepOrder { "of $_" } | ForEach-Object { "$($_.Index) $($_.InputObject) $($_.Status) $($_.Output)" } |
                Should -Be '0 1 Succeeded of 1 2', '1 2 Succeeded ', '2 3 Succeeded of 3 4', '3 4 Succeeded ', '4 5 Succeeded of 5'
        }

        It 'tell of a failure with each item of the group' {
            $results = 1..4 | Invoke-ThreadedBatch -BatchSize 2 -AsResult -KeepOrder { if ($_ -contains 3) { throw 'no' } }
            $results.Status | Should -Be 'Succeeded', 'Succeeded', 'Failed', 'Failed'
            $results[2..3] | ForEach-Object { "$($_.Errors)" } | Should -Be 'no', 'no'
        }

        It 'have one error for a group without -AsResult, about its items' {
            $failed = $null
            1..3 | Invoke-ThreadedBatch -BatchSize 2 -KeepOrder { throw "$($_.Count)" } -ErrorAction SilentlyContinue -ErrorVariable failed
            $failed.Count | Should -Be 2
            $failed[0].TargetObject | Should -Be 1, 2
            , $failed[1].TargetObject | Should -BeOfType int
        }

        It 'name a group by its first item' {
            $failed = $null
            'a', 'b', 'c' | Invoke-ThreadedBatch -FilePath $program -ArgumentList 'exit', '3', '{}' -BatchSize 2 -ErrorAction SilentlyContinue -ErrorVariable failed
            $failed | ForEach-Object { "$_" } | Sort-Object | Should -BeLike '*ended with exit code 3.'
            "$failed" | Should -BeLike '*a and 1 more: *'
            $failed[0].FullyQualifiedErrorId | Should -BeLike 'Switchyard.NonZeroExit*'
        }

        It 'give a deadline to the whole group' {
            $results = 1..3 | Invoke-ThreadedBatch -BatchSize 2 -AsResult -KeepOrder -ItemTimeoutSeconds 3 { if ($_ -contains 1) { Start-Sleep 60 } }
            $results.Status | Should -Be 'TimedOut', 'TimedOut', 'Succeeded'
        }

        It 'count failures by items' {
            $results = 1..20 | Invoke-ThreadedBatch -BatchSize 3 -MaxFailures 4 -ThrottleLimit 1 -AsResult -ErrorAction SilentlyContinue { throw 'no' }
            ($results | Where-Object Status -EQ Failed).Count | Should -Be 6
            ($results | Where-Object Status -EQ Skipped).Count | Should -Be 14
        }
    }

    Context '-SplitOnFailure' {
        It 'finds the item for which a group has failed, by <_>' -ForEach 'Invoke-ThreadedBatch', 'Invoke-ProcessBatch', 'Invoke-Batch' {
            $failed = $null
            1..5 | & $_ -BatchSize 3 -SplitOnFailure -KeepOrder -ErrorAction SilentlyContinue -ErrorVariable failed { "had $_"; if ($_ -contains 2) { throw "bad $_" } } |
                Should -Be 'had 1', 'had 2', 'had 3', 'had 4 5'
            "$failed" | Should -Be 'bad 2'
            $failed[0].TargetObject | Should -Be 2
        }

        It 'finds the one of which a worker dies' {
            $results = 1..5 | Invoke-ProcessBatch -BatchSize 5 -SplitOnFailure -AsResult -KeepOrder { if ($_ -contains 2) { [Environment]::Exit(3) }; $_ }
            $results.Status | Should -Be 'Succeeded', 'Crashed', 'Succeeded', 'Succeeded', 'Succeeded'
            $results.Output | Should -Be 1, 3, 4, 5
            $results.Attempts | Should -Be 2, 2, 2, 2, 2
        }

        It 'tries the group as often as -RetryCount says, and then each item' {
            $tries = New-SharedState -Kind Counter
            $results = 1..2 | Invoke-ThreadedBatch -BatchSize 2 -RetryCount 1 -RetryDelaySeconds 0.01 -SplitOnFailure -AsResult -KeepOrder { $null = ($using:tries).Increment(); throw 'no' }
            $results.Attempts | Should -Be 4, 4
            $tries.Value | Should -Be 6
        }

        It 'writes the files of an item that is tried by itself' {
            $folder = Join-Path $TestDrive 'split'
            $results = 1..3 | Invoke-ThreadedBatch -FilePath $program -ArgumentList 'exit', '1', '{}' -BatchSize 3 -SplitOnFailure -OutputDirectory $folder -AsResult -KeepOrder
            $results.OutputPath | Split-Path -Leaf | Should -Be '0', '1', '2'
            (Get-ChildItem $folder).Count | Should -Be 9
        }
    }

    Context 'The journal' {
        It 'has a line for each item, and another size runs what was not done' {
            $journal = Join-Path $TestDrive 'groups.jsonl'
            1..7 | Invoke-ThreadedBatch -BatchSize 3 -JournalPath $journal -ErrorAction SilentlyContinue { if ($_ -contains 5) { throw 'no' } }
            Get-BatchJournal $journal | Sort-Object Index | ForEach-Object { "$($_.InputObject) $($_.Status)" } |
                Should -Be '1 Succeeded', '2 Succeeded', '3 Succeeded', '4 Failed', '5 Failed', '6 Failed', '7 Succeeded'
            1..8 | Invoke-ThreadedBatch -BatchSize 2 -JournalPath $journal -Resume -KeepOrder -WarningAction SilentlyContinue { "$_" } | Should -Be '4 5', '6 8'
            1..9 | Invoke-ThreadedBatch -JournalPath $journal -Resume -WarningAction SilentlyContinue { "$_" } | Should -Be '9'
        }

        It 'runs a group again of which the next command took only a part' {
            $journal = Join-Path $TestDrive 'part.jsonl'
            1..40 | Invoke-ThreadedBatch -BatchSize 10 -ThrottleLimit 1 -KeepOrder -JournalPath $journal { $_ } | Select-Object -First 15 | Should -Be (1..15)
            1..40 | Invoke-ThreadedBatch -BatchSize 7 -ThrottleLimit 1 -KeepOrder -JournalPath $journal -Resume -WarningAction SilentlyContinue { $_ } | Should -Be (11..40)
        }

        It 'does not run a group again whose whole output was taken' {
            $journal = Join-Path $TestDrive 'whole.jsonl'
            1..40 | Invoke-ThreadedBatch -BatchSize 10 -ThrottleLimit 1 -JournalPath $journal { "of $($_[0])" } | Select-Object -First 2 | Should -Be 'of 1', 'of 11'
            1..40 | Invoke-ThreadedBatch -BatchSize 10 -ThrottleLimit 1 -JournalPath $journal -Resume { "of $($_[0])" } | Should -Be 'of 21', 'of 31'
        }

        It 'has the items that succeeded by themselves' {
            $journal = Join-Path $TestDrive 'split.jsonl'
            1..4 | Invoke-ThreadedBatch -BatchSize 4 -SplitOnFailure -JournalPath $journal -ErrorAction SilentlyContinue { if ($_ -contains 3) { throw 'no' } }
            Get-BatchJournal $journal -Status Failed | ForEach-Object InputObject | Should -Be 3
            (Get-BatchJournal $journal -Status Succeeded).Count | Should -Be 3
        }
    }

    It 'sends the files of all items, and brings back what they made' -Skip:$IsWindows {
        Push-Location $TestDrive
        try {
            1..3 | ForEach-Object { Set-Content "f$_.csv" "line $_" -NoNewline }
            $far = @{ LaunchCommand = 'env'; WorkersPerHost = 1; PowerShellPath = (Get-Pwsh).Path; SendFile = '{}'; CleanUp = $true }
            Get-ChildItem f*.csv | Invoke-ProcessBatch @far -BatchSize 2 -KeepOrder -ReceiveFile '{.}.out' {
                foreach ($file in $_) { [System.IO.File]::WriteAllText([System.IO.Path]::ChangeExtension($file.FullName, '.out'), "of $(Get-Content $file)") }
                $_.FullName.StartsWith($PWD.Path) -join ','
            } | Should -Be 'True,True', 'True'
            Get-Content f1.out, f2.out, f3.out | Should -Be 'of line 1', 'of line 2', 'of line 3'
            Get-ChildItem f*.csv | Invoke-ProcessBatch @far -BatchSize 2 -KeepOrder -FilePath cat | Should -Be 'line 1line 2', 'line 3'
        }
        finally {
            Pop-Location
        }
    }
}
