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

    It 'knows a file whatever the case of its path where its folder does' {
        $path = Join-Path $TestDrive 'Name'
        Set-Content -LiteralPath "$path.txt" -Value 'x'
        $expected = if (-not (Test-Path -LiteralPath "$path.TXT")) { "$path.TXT" }
        [System.IO.FileInfo[]] @("$path.txt", "$path.txt") | & $Name @two -JournalPath $journal { "$_" } | Should -Be "$path.txt", "$path.txt"
        [System.IO.FileInfo[]] @("$path.TXT", "$path.txt") | & $Name @two -JournalPath $journal { "$_" } -Resume | Should -Be $expected
    }

    It 'writes of executables, too' {
        $exit = if ($IsWindows) { @{ FilePath = 'cmd'; ArgumentList = '/c', 'exit', '{}' } } else { @{ FilePath = 'sh'; ArgumentList = '-c', 'exit $0', '{}' } }
        $echo = if ($IsWindows) { @{ FilePath = 'cmd'; ArgumentList = '/c', 'echo', '{}' } } else { @{ FilePath = 'echo' } }
        0..3 | & $Name @two @exit -JournalPath $journal -ErrorAction SilentlyContinue
        $entries = Get-BatchJournal $journal
        $entries.Count | Should -Be 4
        ($entries | Where-Object Status -EQ Failed).ExitCode | Sort-Object | Should -Be 1, 2, 3
        0..3 | & $Name @two @echo -JournalPath $journal -Resume -WarningAction SilentlyContinue | Sort-Object | Should -Be '1', '2', '3'
    }

    It 'takes what a program writes to its error output for no error' {
        $body = if ($IsWindows) { { cmd /c 'echo progress>&2'; $_ } } else { { sh -c 'echo progress >&2'; $_ } }
        $null = 1..3 | & $Name @two -JournalPath $journal $body 2>$null
        1..3 | & $Name @two -JournalPath $journal -Resume $body -WarningVariable warned -WarningAction SilentlyContinue | Should -BeNullOrEmpty
        $warned | Should -BeNullOrEmpty
        @(Get-BatchJournal $journal | Where-Object ErrorId).Count | Should -Be 0
    }

    It 'survives being killed at any moment' {
        $script = {
            param($module, $name, $journal, $marks)
            Import-Module $module
            1..400 | & $name -ThrottleLimit 2 -JournalPath $journal -Resume { [IO.File]::AppendAllText((Join-Path $using:marks $_), 'x'); $_ } | ForEach-Object { [Console]::WriteLine($_) }
        }
        $marks = New-Item -ItemType Directory (Join-Path $TestDrive (New-Guid))
        $seen = [System.Collections.Generic.List[string]]::new()
        for ($kill = 0; $kill -lt 4; $kill++) {
            $pwsh = Get-Pwsh
            $start = [System.Diagnostics.ProcessStartInfo]::new($pwsh.Program)
            $pwsh.Before + '-NoProfile', '-NonInteractive', '-Command', "& { $script } '$(Get-BuiltManifest)' $Name '$journal' '$marks'" | ForEach-Object { $start.ArgumentList.Add($_) }
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

    It 'takes back what was not handed on where a signal ends the process: <_>' -ForEach 'TERM', 'HUP' -Skip:$IsWindows {
        if (sh -c "kill -$_ `$`$; echo on") {
            Set-ItResult -Skipped -Because "SIG$_ is ignored by all that is started here, as under nohup"
            return
        }

        $script = {
            param($module, $journal)
            Import-Module $module
            1..400 | Invoke-ThreadedBatch -ThrottleLimit 2 -JournalPath $journal -Resume { $_ } | ForEach-Object { [Console]::WriteLine($_); [Threading.Thread]::Sleep(50) }
        }
        $pwsh = Get-Pwsh
        $start = [System.Diagnostics.ProcessStartInfo]::new($pwsh.Program)
        $pwsh.Before + '-NoProfile', '-NonInteractive', '-Command', "& { $script } '$(Get-BuiltManifest)' '$journal'" | ForEach-Object { $start.ArgumentList.Add($_) }
        $start.RedirectStandardOutput = $true
        $process = [System.Diagnostics.Process]::Start($start)
        $seen = [System.Collections.Generic.List[string]]::new()
        while ($seen.Count -lt 20) { $seen.Add($process.StandardOutput.ReadLine()) }
        sh -c "kill -$_ $($process.Id)"
        while ($null -ne ($text = $process.StandardOutput.ReadLine())) { $seen.Add($text) }
        $process.WaitForExit()
        $seen.Count | Should -BeLessThan 400
        1..400 | Invoke-ThreadedBatch -JournalPath $journal -Resume { $_ } -WarningAction SilentlyContinue | ForEach-Object { $seen.Add($_) }
        ($seen | Sort-Object -Unique).Count | Should -Be 400
    }

    It 'has as done what was received, and nothing else, where the next command wants no more: <Name>' -ForEach @(
        @{ Name = '-AsResult'; More = @{} }
        @{ Name = '-AsResult -KeepOrder'; More = @{ KeepOrder = $true } }
    ) {
        $batch = $More + @{ JournalPath = Join-Path $TestDrive "$Name.jsonl"; AsResult = $true; ThrottleLimit = 1 }

        # Meanwhile others end, whose results wait behind the one that is taken.
        $received = 1..40 | Invoke-ThreadedBatch { $_ } @batch | ForEach-Object { Start-Sleep -Milliseconds 100; $_ } | Select-Object -First 2
        $received | Should -HaveCount 2
        $rest = 1..40 | Invoke-ThreadedBatch { $_ } @batch -Resume
        ($rest | Where-Object Status -EQ Succeeded).InputObject | Sort-Object | Should -Be (1..40 | Where-Object { $_ -notin $received.InputObject })
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
        $pwsh = Get-Pwsh
        $output = & sh -c 'export DOTNET_EnableWriteXorExecute=0; trap "" XFSZ; ulimit -f 16; exec "$0" "$@"' $pwsh.Program $pwsh.Before -NoProfile -NonInteractive -Command $command
        $output[-1] | Should -BeLike 'Switchyard.JournalNotWritable*'
        $handedOn = $output[0..($output.Count - 2)]
        $noted = Get-BatchJournal $journal -Status Succeeded | ForEach-Object ItemText
        $handedOn | Where-Object { $_ -notin $noted } | Should -BeNullOrEmpty
        $rest = 1..500 | Invoke-ThreadedBatch -ThrottleLimit 2 -JournalPath $journal -Resume { $_ } -WarningAction SilentlyContinue
        $rest.Count + $noted.Count | Should -Be 500
    }

    It 'says how much was done before, and is let go' {
        $journal = Join-Path $TestDrive "a [b] 'c'.jsonl"
        1..6 | Invoke-ThreadedBatch -JournalPath $journal { if ($_ % 2) { throw 'odd' }; $_ } -ErrorAction SilentlyContinue | Sort-Object | Should -Be 2, 4, 6
        $said = 7, 6, 1, 2, 3, 4 | Invoke-ThreadedBatch -JournalPath $journal -Resume -Verbose -WarningAction SilentlyContinue { $null = $_ } 4>&1
        @($said.Message -like '3 of 6*') | Should -HaveCount 1
        Test-Path -LiteralPath "$journal.lock" | Should -BeFalse
    }

    It 'is not begun anew where there is one, and warns of another body' {
        1 | Invoke-ThreadedBatch -JournalPath $journal -ThrottleLimit 1 { 1 } | Should -Be 1
        $failure = { 3 | Invoke-ThreadedBatch -JournalPath $journal { 3 } } | Should -Throw -ErrorId 'Switchyard.JournalExists,*' -PassThru
        $failure.TargetObject | Should -Be $journal
        2 | Invoke-ThreadedBatch -JournalPath $journal -Resume -ThrottleLimit 2 { 2 } -WarningVariable warned -WarningAction SilentlyContinue | Should -Be 2
        $warned.Message | Should -BeLike '*-ScriptBlock, -ThrottleLimit*'
    }

    It 'warns of what else an item depends on: <Before>, then <After>' -ForEach @(
        @{ Before = '-Variable @{ f = 2; at = [datetime]"2020-01-01" }'; After = '-Variable @{ f = 5; at = [datetime]"2020-01-01" }'; Of = '-Variable' }
        @{ Before = '-Variable @{ o = [pscustomobject]@{ a = 1, 2 } }'; After = '-Variable @{ o = [pscustomobject]@{ a = 1, 3 } }'; Of = '-Variable' }
        @{ Before = '-Variable @{ o = [pscustomobject]@{ a = @{ b = 1 } } }'; After = '-Variable @{ o = [pscustomobject]@{ a = @{ b = 1 } } }'; Of = $null }
        @{ Before = '-Variable @{ now = Get-Process -Id $PID }'; After = '-Variable @{ now = Get-Process -Id $PID }'; Of = $null }
        @{ Before = ''; After = '-FunctionName Get-One'; Of = '-FunctionName' }
        @{ Before = '-ThrottleLimit 2'; After = '-ThrottleLimit 3'; Of = '-ThrottleLimit' }
        @{ Before = '-AutoThrottle:$false'; After = ''; Of = $null }
        @{ Before = '-Variable @{ n = 1..200000 }'; After = '-Variable @{ n = 1..200001 }'; Of = '-Variable' }
        @{ Before = '-Variable @{ n = [byte[]]::new(5000000) }'; After = '-Variable @{ n = [byte[]]::new(5000000) }'; Of = $null }
        @{ Before = '-FunctionName Get-One'; After = '-FunctionName Get-Other'; Of = '-FunctionName' }
        @{ Before = '-Variable @{ d = $shared }; $shared["a"] = 1'; After = '-Variable @{ d = $shared }'; Of = $null }
    ) {
        function Get-One { 1 }
        function Get-Other { 2 }
        $shared = [System.Collections.Concurrent.ConcurrentDictionary[string, int]]::new()
        $null = . ([scriptblock]::Create("1 | Invoke-ThreadedBatch -JournalPath `$journal { `$_ } $Before"))
        $written = . ([scriptblock]::Create("1 | Invoke-ThreadedBatch -JournalPath `$journal -Resume { `$_ } $After")) 3>&1
        $warned = @($written | Where-Object { $_ -is [System.Management.Automation.WarningRecord] })
        $warned | Should -HaveCount ([int]($null -ne $Of))
        if ($Of) {
            $warned.Message | Should -BeLike "*$Of*"

            # Only how many run at a time changes nothing about what they do.
            $warned.Message -like '*begin a new journal*' | Should -Be ($Of -ne '-ThrottleLimit')
        }
    }

    It 'warns of a function and a folder that are others by now' {
        function Get-One { 1 }
        $null = 1 | Invoke-ThreadedBatch -JournalPath $journal { Get-One } -FunctionName Get-One
        function Get-One { 2 }
        1 | Invoke-ThreadedBatch -JournalPath $journal -Resume { Get-One } -FunctionName Get-One -WarningVariable warned -WarningAction SilentlyContinue
        $warned.Message | Should -BeLike '*-FunctionName*'
        Remove-Item -LiteralPath $journal
        $program = @{ FilePath = 'whoami'; WorkingDirectory = '.'; JournalPath = $journal; ErrorAction = 'SilentlyContinue' }
        Push-Location $TestDrive
        try {
            $null = 1 | Invoke-ThreadedBatch @program
            Set-Location ..
            1 | Invoke-ThreadedBatch @program -Resume -WarningVariable warned -WarningAction SilentlyContinue
        }
        finally {
            Pop-Location
        }

        $warned.Message | Should -BeLike '*-WorkingDirectory*'
    }

    It 'has an item that was refused, which does not come back as something else' {
        1, { 2 }, 3 | Invoke-ThreadedBatch -JournalPath $journal { $_ } -ErrorAction SilentlyContinue | Sort-Object | Should -Be 1, 3
        "$((Get-BatchJournal -Path $journal).Status | Sort-Object)" | Should -Be 'Succeeded Succeeded Failed'
        Get-BatchJournal -Path $journal -Status Failed | Invoke-ThreadedBatch { 'ran' } -ErrorVariable failed -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $failed.FullyQualifiedErrorId | Should -BeLike 'Switchyard.ItemNotInJournal,*'
    }

    It 'has the errors of items that went on, and warns of those when they are not run again' {
        $body = { if ($_ -ne 2) { Write-Error -ErrorId Mine "no $_" } }
        1..3 | Invoke-ThreadedBatch -JournalPath $journal $body -ErrorAction SilentlyContinue
        Get-BatchJournal -Path $journal | ForEach-Object { "$($_.Status) $($_.ErrorId -like 'Mine*') $($_.ErrorMessage)" } | Sort-Object |
            Should -Be 'Succeeded False ', 'Succeeded True no 1', 'Succeeded True no 3'
        1..3 | Invoke-ThreadedBatch -JournalPath $journal -Resume $body -WarningVariable warned -WarningAction SilentlyContinue -ErrorVariable failed
        $warned.Message | Should -BeLike '*(2 of them)*'
        $failed | Should -BeNullOrEmpty
    }

    It 'gives back the items that failed, to be piped into another batch' {
        $types = { if ($null -eq $_) { 'null' } else { $_.GetType().Name } }
        $expected = 'DirectoryInfo', 'Hashtable', 'Int32', 'null', 'PSCustomObject', 'String'
        @{ a = 1 }, [pscustomobject]@{ b = 2 }, 'text', 3, (Get-Item -LiteralPath $TestDrive), $null | Invoke-ThreadedBatch -JournalPath $journal { throw 'no' } -ErrorAction SilentlyContinue
        Get-BatchJournal -Path $journal -AsInput | Invoke-ThreadedBatch $types | Sort-Object | Should -Be $expected

        # An entry stands for its item, so that need not even be said.
        Get-BatchJournal -Path $journal -Status Failed | Invoke-ThreadedBatch -JournalPath $journal -Resume -WarningAction Ignore $types | Sort-Object | Should -Be $expected
        Get-BatchJournal -Path $journal -Status Failed | Should -BeNullOrEmpty
        Get-BatchJournal -Path $journal -Status Succeeded | Invoke-ThreadedBatch { $_ } -ErrorVariable failed -ErrorAction SilentlyContinue | Out-Null
        $failed | Should -HaveCount 2
        $failed.FullyQualifiedErrorId | ForEach-Object { $_ | Should -BeLike 'Switchyard.ItemNotInJournal,*' }
    }

    It 'is read as objects and in short, and one that is not there is an error' {
        1..4 | Invoke-ThreadedBatch -JournalPath $journal { if ($_ -eq 4) { throw [System.IO.FileNotFoundException]::new('gone') } } -ErrorAction SilentlyContinue
        $failed = Get-BatchJournal $journal -Status Failed
        "$($failed.InputObject) $($failed.Status) $($failed.ErrorMessage)" | Should -Be '4 Failed gone'
        $summary = Get-BatchJournal $journal -Summary
        "$($summary.Succeeded) $($summary.Failed) $($summary.State) $($summary.Runs)" | Should -Be '3 1 Completed 1'
        Get-BatchJournal $journal -Follow | Should -HaveCount 4
        Get-BatchJournal "${journal}x" -ErrorVariable missing -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $missing.FullyQualifiedErrorId | Should -BeLike 'Switchyard.JournalNotReadable,*'
    }

    It 'names the line that is damaged' {
        $null = 1..3 | Invoke-ThreadedBatch -JournalPath $journal { $_ }
        $lines = Get-Content -LiteralPath $journal
        $lines[1] = $lines[1].Substring(0, 20)
        Set-Content -LiteralPath $journal $lines
        { 1..3 | Invoke-ThreadedBatch -JournalPath $journal -Resume { $_ } } | Should -Throw -ErrorId 'Switchyard.JournalDamaged,*' -ExpectedMessage '*Line 2 *'
        $null = Get-BatchJournal $journal -ErrorVariable damaged -ErrorAction SilentlyContinue
        $damaged.FullyQualifiedErrorId | Should -BeLike 'Switchyard.JournalDamaged,*'
    }

    It 'is not written with -WhatIf, and is by a job' {
        1..2 | Invoke-ThreadedBatch -JournalPath $journal -WhatIf { 1 }
        $journal | Should -Not -Exist
        $null = 1..3 | Invoke-ThreadedBatch -AsJob -JournalPath $journal { $_ } | Wait-Job | Receive-Job -Wait -AutoRemoveJob
        1..5 | Invoke-ThreadedBatch -AsJob -JournalPath $journal -Resume { $_ } | Wait-Job | Receive-Job -Wait -AutoRemoveJob | Sort-Object | Should -Be 4, 5
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
