#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5.0' }

BeforeDiscovery {
    $commands = @(@{ Name = 'Invoke-ThreadedBatch' }, @{ Name = 'Invoke-ProcessBatch' })
}

Describe '<Name> -JournalPath' -ForEach $commands {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Common.psm1') -Force
        Import-BuiltModule
    }

    BeforeEach {
        $journal = Join-Path $TestDrive "$(New-Guid).jsonl"
        $two = @{ ThrottleLimit = 2 }
    }

    It 'goes on where a batch has failed, whatever the order of its items' {
        $first = 1..20 | & $Name @two -JournalPath $journal { if ($_ % 5 -eq 0) { throw 'no' }; $_ } -ErrorAction SilentlyContinue
        $first.Count | Should -Be 16
        20..-1 | & $Name @two -JournalPath $journal -Resume { if ($_ % 5 -eq 0) { throw 'no' }; $_ } -ErrorAction SilentlyContinue -WarningVariable warned |
            Should -Be -1
        $warned | Should -BeNullOrEmpty
        5..1 | & $Name @two -JournalPath $journal -Resume { "again $_" } -WarningAction SilentlyContinue | Should -Be 'again 5'
    }

    It 'knows files by their paths and equal items by their number' {
        $file = New-Item (Join-Path $TestDrive "it's [a] file.txt") -Force
        $file, 'a', 'a' | & $Name @two -JournalPath $journal { 'done' } | Should -Be 'done', 'done', 'done'
        $again = 'a', (Get-Item -LiteralPath $file.FullName), 'a', 'a' | & $Name @two -JournalPath $journal -Resume -AsResult -KeepOrder { 'done' }
        $again.Status | Should -Be 'Skipped', 'Skipped', 'Skipped', 'Succeeded'
    }

    It 'writes of executables, too' -Skip:$IsWindows {
        0..3 | & $Name @two -JournalPath $journal -FilePath sh -ArgumentList '-c', 'exit $0', '{}' -ErrorAction SilentlyContinue
        $entries = Get-BatchJournal $journal
        $entries.Count | Should -Be 4
        ($entries | Where-Object Status -EQ Failed).ExitCode | Sort-Object | Should -Be 1, 2, 3
        0..3 | & $Name @two -JournalPath $journal -Resume -FilePath echo -WarningAction SilentlyContinue | Sort-Object | Should -Be '1', '2', '3'
    }

    It 'takes what a program writes to its error output for no error' -Skip:$IsWindows {
        $null = 1..3 | & $Name @two -JournalPath $journal { sh -c 'echo progress >&2'; $_ } 2>$null
        1..3 | & $Name @two -JournalPath $journal -Resume { sh -c 'echo progress >&2'; $_ } -WarningVariable warned -WarningAction SilentlyContinue | Should -BeNullOrEmpty
        $warned | Should -BeNullOrEmpty
        @(Get-BatchJournal $journal | Where-Object ErrorId).Count | Should -Be 0
    }

    It 'survives being killed at any moment' -Skip:$IsWindows {
        $script = {
            param($module, $name, $journal, $marks)
            Import-Module $module
            1..400 | & $name -ThrottleLimit 2 -JournalPath $journal -Resume { [IO.File]::AppendAllText((Join-Path $using:marks $_), 'x'); $_ } | ForEach-Object { [Console]::WriteLine($_) }
        }
        $marks = New-Item -ItemType Directory (Join-Path $TestDrive (New-Guid))
        $seen = [System.Collections.Generic.List[string]]::new()
        for ($kill = 0; $kill -lt 4; $kill++) {
            $start = [System.Diagnostics.ProcessStartInfo]::new((Get-PwshPath))
            '-NoProfile', '-NonInteractive', '-Command', "& { $script } '$(Get-BuiltManifest)' $Name '$journal' '$marks'" | ForEach-Object { $start.ArgumentList.Add($_) }
            $start.RedirectStandardOutput = $true
            $process = [System.Diagnostics.Process]::Start($start)
            try {
                # In the middle of it: after so many items as it takes, which is another number each time.
                for ($line = 0; $line -le 40 * $kill -and $null -ne ($text = $process.StandardOutput.ReadLine()); $line++) {
                    $seen.Add($text)
                }
            }
            finally {
                $process.Kill()
                $process.WaitForExit()
            }

            # What was handed on is noted.
            $noted = Get-BatchJournal $journal -Status Succeeded | ForEach-Object ItemText
            $seen | Where-Object { $_ -notin $noted } | Should -BeNullOrEmpty
        }

        1..400 | & $Name -ThrottleLimit 2 -JournalPath $journal -Resume { [IO.File]::AppendAllText((Join-Path $using:marks $_), 'x') } -WarningAction SilentlyContinue
        (Get-ChildItem $marks).Count | Should -Be 400
        $entries = Get-BatchJournal $journal -Status Succeeded
        $entries.Count | Should -Be 400
        ($entries.ItemText | Sort-Object -Unique).Count | Should -Be 400
        ($seen | Sort-Object -Unique).Count | Should -Be $seen.Count
    }
}

Describe 'A journal' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Common.psm1') -Force
        Import-BuiltModule
    }

    BeforeEach {
        $journal = Join-Path $TestDrive "$(New-Guid).jsonl"
    }

    It 'is written by one batch at a time' {
        $job = 1 | Invoke-ThreadedBatch -AsJob -JournalPath $journal { while (-not (Test-Path "$using:journal.go")) { Start-Sleep -Milliseconds 10 } }
        try {
            { 2 | Invoke-ThreadedBatch -JournalPath $journal -Resume { $_ } } | Should -Throw -ErrorId 'Switchyard.JournalInUse*' -ExpectedMessage "*process $PID*"
        }
        finally {
            $null = New-Item "$journal.go"
            $job | Wait-Job | Remove-Job
        }

        2 | Invoke-ThreadedBatch -JournalPath $journal -Resume { $_ } -WarningAction SilentlyContinue | Should -Be 2
    }

    It 'that cannot be written any more ends its batch, and can be gone on with' -Skip:$IsWindows {
        $command = "Import-Module '$(Get-BuiltManifest)'; try { 1..500 | Invoke-ThreadedBatch -ThrottleLimit 2 -JournalPath '$journal' { Start-Sleep -Milliseconds 1; `$_ } } catch { `$_.FullyQualifiedErrorId }"
        # The runtime's own mappings would be too large for it otherwise.
        $output = & sh -c 'export DOTNET_EnableWriteXorExecute=0; trap "" XFSZ; ulimit -f 16; exec "$0" -NoProfile -NonInteractive -Command "$1"' (Get-PwshPath) $command
        $output[-1] | Should -BeLike 'Switchyard.JournalNotWritable*'
        $handedOn = $output[0..($output.Count - 2)]
        $noted = Get-BatchJournal $journal -Status Succeeded | ForEach-Object ItemText
        $handedOn | Where-Object { $_ -notin $noted } | Should -BeNullOrEmpty
        $rest = 1..500 | Invoke-ThreadedBatch -ThrottleLimit 2 -JournalPath $journal -Resume { $_ } -WarningAction SilentlyContinue
        $rest.Count + $noted.Count | Should -Be 500
    }

    It 'is shown as a table, and in short' {
        1..3 | Invoke-ThreadedBatch -JournalPath $journal { if ($_ -eq 2) { throw 'a reason' } } -ErrorAction SilentlyContinue
        $table = Get-BatchJournal $journal | Format-Table | Out-String -Width 120
        $table | Should -Match 'Run\s+Index\s+Status\s+Ended\s+Duration\s+Item\s+Error'
        $table | Should -Match 'Failed.*a reason'
        Get-BatchJournal $journal -Summary | Format-List | Out-String | Should -Match '2 succeeded, 1 failed, 0 interrupted'
    }

    It 'is followed until its batch ends' {
        $job = 1..3 | Invoke-ThreadedBatch -AsJob -ThrottleLimit 1 -JournalPath $journal { while (-not (Test-Path "$using:journal.$_")) { Start-Sleep -Milliseconds 10 }; $_ }
        $null = New-Item "$journal.1"
        $items = Get-BatchJournal $journal -Follow | ForEach-Object {
            $_.ItemText
            $null = New-Item "$journal.$([int]$_.ItemText + 1)"
        }
        $items | Should -Be '1', '2', '3'
        $job | Wait-Job | Remove-Job
    }

    It 'becomes a time line' {
        1..3 | Invoke-ThreadedBatch -ThrottleLimit 1 -JournalPath $journal { $_ } | Out-Null
        $file = Get-BatchJournal $journal -TracePath (Join-Path $TestDrive 'trace.json')
        $file | Should -BeOfType System.IO.FileInfo
        $events = (Get-Content -LiteralPath $file.FullName -Raw | ConvertFrom-Json).traceEvents
        ($events | Where-Object ph -EQ 'X').name | Should -Be '1', '2', '3'
        { Get-BatchJournal $journal -TracePath (Join-Path $TestDrive 'no' 'trace.json') } | Should -Throw -ErrorId 'Switchyard.TraceNotWritten*'
    }
}
