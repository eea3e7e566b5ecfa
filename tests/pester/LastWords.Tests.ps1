#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5.0' }

# What was made is handed on, or can be had again.

BeforeDiscovery {
    $commands = @(@{ Name = 'Invoke-ThreadedBatch' }, @{ Name = 'Invoke-ProcessBatch' })
}

Describe '<Name>: a program that is stopped' -ForEach $commands -Skip:$IsWindows {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Common.psm1') -Force
        Import-BuiltModule
        $hang = @{ GraceSeconds = 30; FilePath = 'sh'; ArgumentList = '-c', 'trap "echo grace; printf unended; exit 3" TERM; printf "Password: "; printf "why?" >&2; sleep 60 & wait' }
    }

    It 'has its last words handed on, as <How>' -ForEach @(
        @{ How = 'it is timed out'; With = @{ ItemTimeoutSeconds = 3 } }
        @{ How = 'it is timed out in order'; With = @{ ItemTimeoutSeconds = 3; KeepOrder = $true } }
        @{ How = 'the batch is timed out'; With = @{ TimeoutSeconds = 3 } }
        @{ How = 'its journal is kept'; With = @{ ItemTimeoutSeconds = 3; JournalPath = 'TestDrive:/last.jsonl' } }
    ) {
        $output = 1 | & $Name @hang @With -ErrorVariable errors -ErrorAction SilentlyContinue
        $output | Should -Be 'Password: grace', 'unended'
        $errors[0].Exception.Line | Should -Be 'why?'
    }

    It 'has them in its result and its files' {
        $folder = Join-Path $TestDrive (New-Guid)
        $result = 1 | & $Name @hang -ItemTimeoutSeconds 3 -AsResult -OutputDirectory $folder
        $result.Status | Should -Be 'TimedOut'
        $result.ExitCode | Should -Be 3
        $result.Output | Should -Be 'Password: grace', 'unended'
        $result.Errors.FullyQualifiedErrorId | Should -Be 'Switchyard.StandardError', 'Switchyard.ItemTimedOut'
        Get-Content "$($result.OutputPath).stdout" -Raw | Should -BeExactly "Password: grace`nunended"
    }

    It 'has them as bytes' {
        $bytes = 1 | & $Name @hang -TimeoutSeconds 3 -AsByteStream -ErrorAction SilentlyContinue
        [Text.Encoding]::ASCII.GetString([byte[]]@($bytes | ForEach-Object { $_ })) | Should -BeExactly "Password: grace`nunended"
    }

    It 'has them where it takes lines' {
        $result = 1, 2 | & $Name -FilePath sh -ArgumentList '-c', 'trap "echo grace; printf unended; exit" TERM; read x; sleep 60 & wait' -InputMode Line -ThrottleLimit 1 -ItemTimeoutSeconds 3 -GraceSeconds 30 -AsResult
        $result.Status | Should -Be 'TimedOut', 'TimedOut'
        $result | ForEach-Object { $_.Output | Should -Be 'grace', 'unended' }
    }

    It 'answers with a line that its own end ends' {
        1, 2 | & $Name -FilePath sh -ArgumentList '-c', 'read x; printf "answer %s" $x' -InputMode Line -KeepOrder | Should -Be 'answer 1', 'answer 2'
        $crashed = 1 | & $Name -FilePath sh -ArgumentList '-c', 'read x; printf part; exit 4' -InputMode Line -AsResult
        "$($crashed.Status) $($crashed.Output)" | Should -Be 'Crashed part'
    }
}

Describe 'A program''s output' -Skip:$IsWindows {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Common.psm1') -Force
        Import-BuiltModule
    }

    BeforeEach {
        $folder = Join-Path $TestDrive (New-Guid)
        $journal = Join-Path $TestDrive "$(New-Guid).jsonl"
        $run = @{ FilePath = 'sh'; ArgumentList = '-c', 'echo out of $0; [ $0 != c ]', '{}'; OutputDirectory = $folder; ErrorAction = 'SilentlyContinue'; ThrottleLimit = 1 }
    }

    It 'is kept under its item''s own name over all runs of a journal' {
        $null = 'a', 'b', 'c' | Invoke-ThreadedBatch @run -JournalPath $journal
        $null = Get-BatchJournal $journal -AsInput | Invoke-ThreadedBatch @run -JournalPath $journal -Resume -WarningVariable warned
        $warned | Should -BeNullOrEmpty
        $null = 'd', 'c', 'x', 'a' | Invoke-ThreadedBatch @run -JournalPath $journal -Resume
        Get-ChildItem $folder -Filter *.stdout | Get-Content | Sort-Object | Should -Be ('a', 'b', 'c', 'd', 'x' | ForEach-Object { "out of $_" })
        Get-BatchJournal $journal | ForEach-Object { Get-Content "$($_.OutputPath).stdout" | Should -Be "out of $($_.ItemText)" }
        Get-Content (Join-Path $folder '0.stdout'), (Join-Path $folder '2.stdout') | Should -Be 'out of a', 'out of c'
    }

    It 'is not replaced by another batch''s' {
        $null = 'a', 'b' | Invoke-ThreadedBatch @run
        $second = 'q', 'r' | Invoke-ThreadedBatch @run -AsResult -WarningVariable warned -WarningAction SilentlyContinue
        $warned | Should -BeLike '*the first item of this batch is 2.stdout*'
        $second | ForEach-Object { Get-Content "$($_.OutputPath).stdout" | Should -Be "out of $($_.InputObject)" }
        Get-Content (Join-Path $folder '0.stdout'), (Join-Path $folder '1.stdout') | Should -Be 'out of a', 'out of b'
    }

    It 'has equal items each in a place of its own' {
        $run.ArgumentList = '-c', 'mkdir "$1" 2>/dev/null && exit 1; echo $0 done', '{}', "$folder.first"
        $null = 'x', 'x', 'x' | Invoke-ThreadedBatch @run -JournalPath $journal
        $null = 'x', 'x', 'x' | Invoke-ThreadedBatch @run -JournalPath $journal -Resume
        Get-Content (Join-Path $folder '*.stdout') | Should -Be 'x done', 'x done', 'x done'
        (Get-ChildItem $folder -Force).Count | Should -Be 9
    }

    It 'is replaced by the item''s next attempt' {
        $run.ArgumentList = '-c', 'mkdir "$1" 2>/dev/null && { echo first; exit 1; }; echo second', '{}', "$folder.first"
        $result = 'x' | Invoke-ThreadedBatch @run -RetryCount 1 -RetryDelaySeconds 0 -AsResult
        Get-Content "$($result.OutputPath).stdout" | Should -Be 'second'
        (Get-ChildItem $folder -Force).Count | Should -Be 3
    }

    It 'may be one line without an end, where it is kept in files' {
        $result = '/dev/zero' | Invoke-ThreadedBatch -FilePath head -ArgumentList '-c', '300000000' -OutputDirectory $folder -AsResult -WarningVariable warned -WarningAction SilentlyContinue
        $result.Status | Should -Be 'Succeeded'
        (Get-Item "$($result.OutputPath).stdout").Length | Should -Be 300000000
        @($warned) | Should -HaveCount 1
        $without = '/dev/zero' | Invoke-ThreadedBatch -FilePath head -ArgumentList '-c', '300000000' -AsResult
        $without.Errors.FullyQualifiedErrorId | Should -Be 'Switchyard.StreamFailed'
    }

    It 'is bounded in a result where it is standard error' {
        $result = 1 | Invoke-ThreadedBatch -FilePath sh -ArgumentList '-c', 'seq 200000 >&2; exit 1' -AsResult
        $result.Errors.Count | Should -BeLessThan 20000
        $result.Errors[0].Exception.Line | Should -Be 1
        $result.Errors[-2].Exception.Line | Should -Be 200000
        $result.Errors[-1].FullyQualifiedErrorId | Should -Be 'Switchyard.NonZeroExit'
        $leftOut = @($result.Errors.Exception.Line -like '*left out*')
        $leftOut | Should -HaveCount 1
        [int]($leftOut[0] -replace '\D') | Should -Be (200000 - $result.Errors.Count + 2)
    }

    It 'warns of nothing without a grace period' {
        $null = 1..100 | Invoke-ThreadedBatch -FilePath sh -ArgumentList '-c', 'echo $0 | cat', '{}' -GraceSeconds 0 -ThrottleLimit 8 -WarningVariable warned -WarningAction SilentlyContinue
        $warned | Should -BeNullOrEmpty
    }

    It 'is not asked of an item without a text' -ForEach @(
        @{ Item = { @{ Name = 'x' } } }, @{ Item = { , @(@{ Name = 'x' }, 1) } }, @{ Item = { [object]::new() } }, @{ Item = { , @(, @(1, 2)) } }, @{ Item = { [System.Collections.Queue]::new(@(@{ a = 1 })) | Write-Output -NoEnumerate } }
    ) {
        $item = & $Item
        , $item | Invoke-ThreadedBatch -FilePath echo -ArgumentList '{}' -ErrorVariable failed -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $failed.FullyQualifiedErrorId | Should -BeLike 'Switchyard.ItemHasNoText*'
        , $item | Invoke-ThreadedBatch -FilePath echo -ArgumentList { 'a part' } | Should -Be 'a part'
        { 1 | Invoke-ThreadedBatch -FilePath echo -ArgumentList @{ a = 1 } } | Should -Throw -ErrorId 'Switchyard.ItemHasNoText*'
    }
}

Describe 'A journal''s results' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Common.psm1') -Force
        Import-BuiltModule

        function Assert-AllHandedOn {
            # What counts as done was handed on, what was handed on counts as done (but for what was just being taken), and the rest is run.
            param([object[]] $Taken, [int] $Count, [object[]] $InDoubt = @())

            $noted = @(Get-BatchJournal $journal -Status Succeeded | ForEach-Object ItemText)
            @($noted | Where-Object { $_ -notin $Taken }) | Should -BeNullOrEmpty
            @($Taken | Where-Object { "$_" -notin $noted -and $_ -notin $InDoubt }) | Should -BeNullOrEmpty
            (Get-BatchJournal $journal -Summary).Succeeded | Should -Be $noted.Count
            $rest = @(1..$Count | Invoke-ThreadedBatch -JournalPath $journal -Resume { $_ } -WarningAction SilentlyContinue)
            @($rest | Where-Object { "$_" -in $noted }) | Should -BeNullOrEmpty
            @($noted + $rest | ForEach-Object { "$_" } | Sort-Object -Unique) | Should -HaveCount $Count
        }
    }

    BeforeEach {
        $journal = Join-Path $TestDrive "$(New-Guid).jsonl"
        $taken = [System.Collections.Generic.List[object]]::new()
    }

    It 'are handed on before an error that stops the batch, <With.Keys>' -ForEach @{ With = @{} }, @{ With = @{ KeepOrder = $true } } {
        { 1..300 | Invoke-ThreadedBatch -ThrottleLimit 4 -JournalPath $journal @With -ErrorAction Stop { if ($_ -eq 150) { throw 'no' }; $_ } | ForEach-Object { $taken.Add($_) } } |
            Should -Throw -ExpectedMessage 'no'
        Assert-AllHandedOn $taken 300
    }

    It 'are had again if a command after it throws, <With.Keys>' -ForEach @{ With = @{} }, @{ With = @{ KeepOrder = $true } }, @{ With = @{ RetryCount = 1 } } {
        { 1..300 | Invoke-ThreadedBatch -JournalPath $journal @With { $_ } | ForEach-Object { if ($_ -eq 100) { throw 'no' }; $taken.Add($_) } } | Should -Throw -ExpectedMessage 'no'
        $taken | Should -Not -Contain 100
        Assert-AllHandedOn $taken 300
    }

    It 'are had again if a command before it throws' {
        { & { 1..200; throw 'no' } | Invoke-ThreadedBatch -JournalPath $journal { $_ } | ForEach-Object { $taken.Add($_) } } | Should -Throw -ExpectedMessage 'no'
        Assert-AllHandedOn $taken 300
    }

    It 'count as handed on if no more are wanted, and the others do not' {
        $taken = 1..300 | Invoke-ThreadedBatch -JournalPath $journal { $_ } | Select-Object -First 20
        $taken.Count | Should -Be 20
        Assert-AllHandedOn $taken 300
    }

    It 'are those of a job that was stopped' {
        $job = 1..300 | Invoke-ThreadedBatch -AsJob -JournalPath $journal { if ($_ -gt 200) { while ($true) { [System.Threading.Thread]::Sleep(10) } }; $_ }
        $null = Wait-Until { $job.Output.Count -ge 200 }
        $job | Stop-Job
        Assert-AllHandedOn ($job | Receive-Job) 300
        $job | Remove-Job
    }

    It 'are had again after a stop' {
        $shell = New-Shell
        $null = $shell.AddScript('param($path) 1..300 | Invoke-ThreadedBatch -JournalPath $path { $_ } | ForEach-Object { $_; Start-Sleep -Milliseconds 5 }').AddArgument($journal)
        $output = [System.Management.Automation.PSDataCollection[psobject]]::new()
        $running = $shell.BeginInvoke([System.Management.Automation.PSDataCollection[psobject]]::new(), $output)
        $null = Wait-Until { $output.Count -ge 10 }
        $shell.Stop()
        { $shell.EndInvoke($running) } | Should -Throw
        $taken = @($output)
        $shell.Dispose()
        Assert-AllHandedOn $taken 300 -InDoubt $taken[-1]
    }

    It 'that are on a full disk were handed on' -Skip:(-not $IsLinux -or (id -u) -ne 0) {
        $disk = New-Item -ItemType Directory (Join-Path $TestDrive (New-Guid))
        mount -t tmpfs -o size=40k tmpfs $disk 2>$null
        if ($LASTEXITCODE) {
            Set-ItResult -Skipped -Because 'nothing can be mounted here'
            return
        }

        try {
            { 1..600 | Invoke-ThreadedBatch -JournalPath (Join-Path $disk 'full.jsonl') { $_ } | ForEach-Object { $taken.Add($_) } } | Should -Throw -ErrorId 'Switchyard.JournalNotWritable*'
            Copy-Item (Join-Path $disk 'full.jsonl') $journal
        }
        finally {
            umount $disk
        }

        $taken.Count | Should -BeGreaterThan 0
        Assert-AllHandedOn $taken 600
    }

    It 'are read past damaged lines, each of which is told' {
        $null = 1..5 | Invoke-ThreadedBatch -ThrottleLimit 1 -JournalPath $journal { $_ }
        $lines = Get-Content -LiteralPath $journal
        $lines[0], $lines[2], $lines[4] = 'x', '', $lines[4].Substring(9)
        Set-Content -LiteralPath $journal $lines
        (Get-BatchJournal $journal -ErrorVariable damaged -ErrorAction SilentlyContinue).ItemText | Should -Be 1, 3, 5
        $damaged.FullyQualifiedErrorId | ForEach-Object { $_ | Should -BeLike 'Switchyard.JournalDamaged,*' }
        $damaged.Exception.Message | ForEach-Object { $_ -replace '^(Line \d+) .*', '$1' } | Should -Be 'Line 1', 'Line 3', 'Line 5'
        (Get-BatchJournal $journal -Status Succeeded -ErrorAction SilentlyContinue).Count | Should -Be 3
        (Get-BatchJournal $journal -Summary -ErrorAction SilentlyContinue).Succeeded | Should -Be 3
    }

    It 'warn of items of another type: <Before>, then <After>' -ForEach @(
        @{ Before = { 1..3 }; After = { '1', '2' } }, @{ Before = { '1', '2' }; After = { 5, 2 } }, @{ Before = { 1..3 }; After = { 1, '2', 3 } }
        @{ Before = { Get-Item $PSHOME }; After = { $PSHOME } }, @{ Before = { [guid]::Empty }; After = { "$([guid]::Empty)" } }, @{ Before = { [version]'1.2.3' }; After = { '1.2.3' } }
        @{ Before = { '1.2.3' }; After = { [version]'1.2.3' } }
    ) {
        $null = & $Before | Invoke-ThreadedBatch -JournalPath $journal { $_ }
        $null = & $After | Invoke-ThreadedBatch -JournalPath $journal -Resume { $_ } -WarningVariable warned -WarningAction SilentlyContinue
        @($warned) | Should -HaveCount 1
        $warned | Should -BeLike 'Item *differs from it only in type*'
    }

    It 'warn if no item is one of theirs, and only then' {
        $null = 1..3 | Invoke-ThreadedBatch -JournalPath $journal { if ($_ -eq 3) { throw 'no' } } -ErrorAction SilentlyContinue
        $null = 3 | Invoke-ThreadedBatch -JournalPath $journal -Resume { if ($_ -eq 3) { throw 'no' } } -ErrorAction SilentlyContinue -WarningVariable warned
        $warned | Should -BeNullOrEmpty
        $null = 1, 7 | Invoke-ThreadedBatch -JournalPath $journal -Resume { if ($_ -eq 3) { throw 'no' } } -WarningVariable warned
        $warned | Should -BeNullOrEmpty
        $null = 'a', 'b' | Invoke-ThreadedBatch -JournalPath $journal -Resume { if ($_ -eq 3) { throw 'no' } } -WarningVariable warned -WarningAction SilentlyContinue
        $warned | Should -BeLike 'None of the items is among the 3*'
    }

    It 'cannot be on <Path>' -Skip:(-not $IsLinux) -ForEach @{ Path = 'pipe' }, @{ Path = 'link' }, @{ Path = '/dev/null' }, @{ Path = '/dev/full' }, @{ Path = '/dev/fd/1' }, @{ Path = 'loop' }, @{ Path = 'folder' }, @{ Path = 'locked' } {
        Push-Location (New-Item -ItemType Directory (Join-Path $TestDrive (New-Guid)))
        try {
            mkfifo pipe locked.lock
            ln -s pipe link
            ln -s loop loop
            mkdir folder
            { 1 | Invoke-ThreadedBatch -JournalPath $Path { 'ran' } } | Should -Throw -ErrorId 'Switchyard.JournalNotReadable,*'
            Get-BatchJournal $Path -ErrorVariable failed -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            $failed.FullyQualifiedErrorId | Should -BeLike 'Switchyard.JournalNotReadable,*'

            # A link to a file that is yet to be made is a name of it.
            ln -s new.jsonl name
            1 | Invoke-ThreadedBatch -JournalPath name { 'ran' } | Should -Be 'ran'
            'new.jsonl' | Should -Exist
        }
        finally {
            Pop-Location
        }
    }
}
