#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5.0' }

BeforeDiscovery {
    $commands = @(@{ Name = 'Invoke-ThreadedBatch' }, @{ Name = 'Invoke-ProcessBatch' })
}

Describe '<Name> -KeepOutput' -ForEach $commands {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Common.psm1') -Force
        Import-BuiltModule
    }

    BeforeEach {
        $journal = Join-Path $TestDrive "$(New-Guid).jsonl"
        $keep = @{ ThrottleLimit = 2; JournalPath = $journal; KeepOutput = $true }
        $fails = New-Item (Join-Path $TestDrive (New-Guid))
    }

    It 'has -Resume write the whole output, in order if that is wanted' {
        $body = { if ($_ -eq 7 -and [IO.File]::Exists($using:fails)) { throw 'no' }; "$_ a"; "$_ b" }
        $first = 1..20 | & $Name @keep -MaxFailures 1 $body -ErrorAction SilentlyContinue
        Remove-Item $fails
        $expected = 1..20 | ForEach-Object { "$_ a"; "$_ b" }
        (1..20 | & $Name @keep -Resume $body -WarningAction SilentlyContinue) | Sort-Object | Should -Be ($expected | Sort-Object)
        1..20 | & $Name @keep -Resume -KeepOrder { throw 'nothing is left' } -WarningAction SilentlyContinue | Should -Be $expected
        20..1 | & $Name @keep -Resume -KeepOrder { throw 'nothing is left' } -WarningAction SilentlyContinue | Select-Object -First 4 | Should -Be '20 a', '20 b', '19 a', '19 b'
        $first | Where-Object { $_ -notin $expected } | Should -BeNullOrEmpty
    }

    It 'writes what the input has now: nothing of items that are gone, and what is new is run' {
        'a', 'b', 'b', 'c' | & $Name @keep { "first $_" } | Should -HaveCount 4
        'd', 'b', 'c', 'b', 'b' | & $Name @keep -Resume -KeepOrder { "second $_" } -WarningAction SilentlyContinue |
            Should -Be 'second d', 'first b', 'first c', 'first b', 'second b'
    }

    It 'keeps objects as they are' {
        $body = {
            [pscustomobject]@{ PSTypeName = 'My.Thing'; Name = "n$_"; Inner = [ordered]@{ b = 1; a = 2, 3 } }
            Get-Item -LiteralPath $PSHOME
            , (1, (2, 3))
            $null
            [datetime]::new(2024, 2, 29, 1, 2, 3, [System.DateTimeKind]::Utc)
            [version]'1.2.3'
            [DayOfWeek]::Friday
            , [byte[]](1, 2, 3)
            1.5d
            'text' | Add-Member -PassThru NoteProperty Note 5
        }
        function Get-Shape($values) {
            foreach ($value in $values) {
                if ($null -eq $value) { 'null' } elseif ($value -is [System.IO.FileSystemInfo]) { $value.FullName } else { "$($value.PSObject.TypeNames[0]) $($value | ConvertTo-Json -Compress -Depth 3)" }
            }
        }

        $first = 1 | & $Name @keep $body
        $again = 1 | & $Name @keep -Resume $body -WarningVariable warned
        $again.Count | Should -Be 10
        Get-Shape $again | Should -Be (Get-Shape $first)
        $again[1] | Should -BeOfType System.IO.DirectoryInfo
        $again[9].Note | Should -Be 5
        $warned | Should -BeNullOrEmpty
    }

    It 'gives results of what was done before, with output, errors and figures' {
        $body = { if ($_ -eq 2 -and [IO.File]::Exists($using:fails)) { throw 'no' }; "o$_"; Write-Error "e$_" }
        $first = 1..3 | & $Name @keep -AsResult -KeepOrder $body
        $first.Status | Should -Be 'Succeeded', 'Failed', 'Succeeded'
        Remove-Item $fails
        $again = 3..1 | & $Name @keep -Resume -AsResult -KeepOrder $body
        $again.Index | Should -Be 0, 1, 2
        $again.InputObject | Should -Be 3, 2, 1
        $again.Status | Should -Be 'Succeeded', 'Succeeded', 'Succeeded'
        $again.Output | Should -Be 'o3', 'o2', 'o1'
        $again.Errors.Exception.Message | Should -Be 'e3', 'e2', 'e1'
        $again[0].Errors[0].FullyQualifiedErrorId | Should -Be $first[2].Errors[0].FullyQualifiedErrorId
        $again[0].Duration | Should -Be $first[2].Duration
        $again.Attempts | Should -Be 1, 1, 1
    }

    It 'writes errors of what was done before, which did not end it' {
        $null = 1..2 | & $Name @keep { Write-Error "e$_"; $_ } -ErrorAction SilentlyContinue
        1..2 | & $Name @keep -Resume -KeepOrder { Write-Error "e$_"; $_ } -ErrorVariable errors -ErrorAction SilentlyContinue -WarningVariable warned | Should -Be 1, 2
        $errors.Exception.Message | Should -Be 'e1', 'e2'
        $warned | Should -BeNullOrEmpty
    }

    It 'keeps what a program writes, as lines or bytes' {
        $echo = if ($IsWindows) { @{ FilePath = 'cmd'; ArgumentList = '/c', 'echo', '{}' } } else { @{ FilePath = 'echo' } }
        $null = 'x', 'ä' | & $Name @keep @echo
        'ä', 'x', 'z' | & $Name @keep @echo -Resume -KeepOrder | Should -Be 'ä', 'x', 'z'
        $bytes = @{ ThrottleLimit = 2; JournalPath = "$journal.bytes"; KeepOutput = $true; AsByteStream = $true; AsResult = $true }
        $first = 'x' | & $Name @bytes @echo
        $again = 'x' | & $Name @bytes @echo -Resume
        , $again.Output | Should -BeOfType byte[]
        $again.Output | Should -Be $first.Output
        $again.ExitCode | Should -Be 0
    }

    It 'does so in jobs' {
        $null = 1..5 | & $Name @keep { "o$_" }
        $job = 1..6 | & $Name @keep -Resume -KeepOrder -AsJob { "o$_" }
        $job | Wait-Job | Receive-Job -Wait -AutoRemoveJob | Should -Be 'o1', 'o2', 'o3', 'o4', 'o5', 'o6'
    }

    It 'keeps only what the attempt wrote that succeeded' {
        $body = { "attempt at $_"; if ([IO.File]::Exists($using:fails)) { [IO.File]::Delete($using:fails); throw 'not yet' }; 'good' }
        1 | & $Name @keep -RetryCount 1 -RetryDelaySeconds 0 $body | Should -Be 'attempt at 1', 'good'
        1 | & $Name @keep -RetryCount 1 -RetryDelaySeconds 0 -Resume $body | Should -Be 'attempt at 1', 'good'
    }

    It 'shows with -WhatIf only what is left, and changes nothing' {
        $null = 1..2 | & $Name @keep { $_ }
        $before = (Get-Item "$journal*" | Get-FileHash).Hash
        1..3 | & $Name @keep -Resume -WhatIf { $_ } | Should -BeNullOrEmpty
        (Get-Item "$journal*" | Get-FileHash).Hash | Should -Be $before
    }

    It 'gives in the end what a batch gives that was not cut off, killed at any moment' {
        # Order is the caller's to keep, whatever the workers are: one with, one without.
        $order = $Name -eq 'Invoke-ThreadedBatch'
        $script = {
            param($module, $name, $journal, $order)
            Import-Module $module
            1..300 | & $name -ThrottleLimit 2 -JournalPath $journal -KeepOutput -Resume -KeepOrder:([bool]$order) { "$_ a"; "$_ b" } | ForEach-Object { [Console]::WriteLine($_) }
        }
        for ($kill = 0; $kill -lt 3; $kill++) {
            $pwsh = Get-Pwsh
            $start = [System.Diagnostics.ProcessStartInfo]::new($pwsh.Program)
            $pwsh.Before + '-NoProfile', '-NonInteractive', '-Command', "& { $script } '$(Get-BuiltManifest)' $Name '$journal' $([int]$order)" | ForEach-Object { $start.ArgumentList.Add($_) }
            $start.RedirectStandardOutput = $true
            $process = [System.Diagnostics.Process]::Start($start)
            try {
                for ($line = 0; $line -le 70 * $kill -and $null -ne $process.StandardOutput.ReadLine(); $line++) { }
            }
            finally {
                $process.Kill()
                $process.WaitForExit()
            }
        }

        $expected = 1..300 | ForEach-Object { "$_ a"; "$_ b" }
        $found = 1..300 | & $Name -ThrottleLimit 2 @keep -Resume -KeepOrder:$order { "$_ a"; "$_ b" } -WarningAction SilentlyContinue
        if (-not $order) {
            $expected, $found = ($expected | Sort-Object), ($found | Sort-Object)
        }

        ($found -join "`n") | Should -BeExactly ($expected -join "`n")
    }
}

Describe 'What is kept of output' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Common.psm1') -Force
        Import-BuiltModule
    }

    BeforeEach {
        $journal = Join-Path $TestDrive "$(New-Guid).jsonl"
        $keep = @{ ThrottleLimit = 2; JournalPath = $journal; KeepOutput = $true }
    }

    It 'is told of once where it is only the properties of an object' {
        $null = 1..3 | Invoke-ThreadedBatch @keep { Get-Process -Id $PID } -WarningVariable warned -WarningAction SilentlyContinue
        $warned | Should -HaveCount 1
        $warned[0].Message | Should -BeLike 'Of a System.Diagnostics.Process, as item *'
        $again = 1 | Invoke-ThreadedBatch @keep -Resume { Get-Process -Id $PID }
        $again.PSObject.TypeNames[0] | Should -Be 'Deserialized.System.Diagnostics.Process'
        $again.Id | Should -Be $PID
    }

    It 'is no copy of what was a copy before' {
        $null = 1 | Invoke-ProcessBatch @keep { Get-Process -Id $PID } -WarningVariable warned
        $warned | Should -BeNullOrEmpty
        (1 | Invoke-ProcessBatch @keep -Resume { }  -WarningAction SilentlyContinue).PSObject.TypeNames[0] | Should -Be 'Deserialized.System.Diagnostics.Process'
    }

    It 'is neither a secret nor what lives in a process: these items are run again' {
        $counter = New-SharedState Counter
        $bodies = @(
            { [pscredential]::new("u$_", (ConvertTo-SecureString 'p' -AsPlainText -Force)) }
            { $null = ($using:counter).Increment(); $using:counter }
        )
        foreach ($body in $bodies) {
            Remove-Item "$journal*" -ErrorAction Ignore
            $null = 1..3 | Invoke-ThreadedBatch @keep $body -WarningVariable warned -WarningAction SilentlyContinue
            $warned | Should -HaveCount 1
            $warned[0].Message | Should -BeLike 'What item * wrote cannot be kept*'
            1..3 | Invoke-ThreadedBatch @keep -Resume $body -WarningVariable warned -WarningAction SilentlyContinue | Should -HaveCount 3
            @($warned.Message -like '*were run again*(3 of them)*') | Should -HaveCount 1
        }

        $counter.Value | Should -Be 6
        $counter.Dispose()
    }

    It 'is not what another run did: <Id>' -ForEach @(
        @{ Id = 'JournalWithoutOutputs'; Break = { $null = 1 | Invoke-ThreadedBatch -JournalPath $journal { $_ } } }
        @{ Id = 'KeptOutputsMissing'; Break = { $null = 1 | Invoke-ThreadedBatch @keep { $_ }; Remove-Item "$journal.outputs" } }
        @{ Id = 'NotKeptOutputs'; Break = { Set-Content "$journal.outputs" 'mine' } }
    ) {
        . $Break
        $error = { 1..2 | Invoke-ThreadedBatch @keep -Resume { $_ } } | Should -Throw -PassThru -ErrorId "Switchyard.$Id,*"
        $error.Exception.Message | Should -BeLike '*name another *'
    }

    It 'is left out by -Resume alone, which says so' {
        $null = 1..2 | Invoke-ThreadedBatch @keep { $_ }
        1..3 | Invoke-ThreadedBatch -ThrottleLimit 2 -JournalPath $journal -Resume { $_ } -WarningVariable warned -WarningAction SilentlyContinue | Should -Be 3
        $warned | Should -HaveCount 1
        $warned[0].Message | Should -BeLike '*Add -KeepOutput*'
    }

    It 'is run again where the file is damaged, and that is said' {
        $null = 1..3 | Invoke-ThreadedBatch @keep { "o$_" * 20 }
        $bytes = [IO.File]::ReadAllBytes("$journal.outputs")
        $bytes[-1] = $bytes[-1] -bxor 1
        [IO.File]::WriteAllBytes("$journal.outputs", $bytes)
        1..3 | Invoke-ThreadedBatch @keep -Resume -KeepOrder { "o$_" * 20 } -WarningVariable warned -WarningAction SilentlyContinue | Should -Be ('o1' * 20), ('o2' * 20), ('o3' * 20)
        $warned | Should -HaveCount 1
        $warned[0].Message | Should -BeLike '*were run again*(1 of them)*'
        (Get-BatchJournal $journal -Summary).Succeeded | Should -Be 3
        1..3 | Invoke-ThreadedBatch @keep -Resume { throw 'nothing is left' } -WarningAction SilentlyContinue | Should -HaveCount 3
    }

    It 'is written by Invoke-Batch, too' {
        $null = 1..5 | Invoke-Batch -JournalPath $journal -KeepOutput { if ($_ -eq 4) { throw 'no' }; "o$_" } -ErrorAction SilentlyContinue
        1..6 | Invoke-Batch -JournalPath $journal -KeepOutput -Resume -KeepOrder { "o$_" } -WarningAction SilentlyContinue | Should -Be 'o1', 'o2', 'o3', 'o4', 'o5', 'o6'
    }

    It 'is written whole where the command before it stopped it by Ctrl+C' -Skip:$IsWindows {
        $powershell = [powershell]::Create()
        try {
            $null = $powershell.AddScript({
                param($module, $keep, $seen)
                Import-Module $module
                1..200 | Invoke-ThreadedBatch @keep { "o$_" } | ForEach-Object { $seen.Add($_) }
            }).AddArgument((Get-BuiltManifest)).AddArgument($keep)
            $seen = [System.Collections.Concurrent.BlockingCollection[string]]::new()
            $null = $powershell.AddArgument($seen)
            $running = $powershell.BeginInvoke()
            $null = $seen.Take()
            $powershell.Stop()
        }
        finally {
            $powershell.Dispose()
        }

        1..200 | Invoke-ThreadedBatch @keep -Resume -KeepOrder { "o$_" } | Should -Be (1..200 | ForEach-Object { "o$_" })
    }
}
