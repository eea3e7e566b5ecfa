#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5.0' }

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1') -Force
    Import-BuiltModule

    function Test-Alive { param([int] $Id) [bool](Get-Process -Id $Id -ErrorAction Ignore) }
}

AfterAll {
    Clear-Worker
}

Describe 'Invoke-ProcessBatch: items and output' {
    BeforeEach {
        $ErrorActionPreference = 'Continue'
    }

    It 'runs items in other processes, in order with -KeepOrder' {
        $result = 1..200 | Invoke-ProcessBatch { [pscustomobject]@{ Item = $_; Id = $PID } } -KeepOrder -ThrottleLimit 2
        $result.ForEach('Item') | Should -Be (1..200)
        $result.Id | Should -Not -Contain $PID
    }

    It 'gives <Name> live: <Type>' -ForEach @(
        @{ Name = 'an array'; Make = { , (@(1, 2)) }; Type = 'Object[]' }
        @{ Name = 'a hashtable'; Make = { , (@{ a = 1 }) }; Type = 'Hashtable' }
        @{ Name = 'an ordered dictionary'; Make = { , ([ordered]@{ b = 1; a = 2 }) }; Type = 'OrderedDictionary' }
        @{ Name = 'a version'; Make = { , ([version]'1.2.3') }; Type = 'Version' }
        @{ Name = 'an enum'; Make = { , ([System.DayOfWeek]::Friday) }; Type = 'DayOfWeek' }
        @{ Name = 'a date'; Make = { , ([datetime]::new(2026, 1, 2, 3, 4, 5, [System.DateTimeKind]::Utc)) }; Type = 'DateTime' }
        @{ Name = 'bytes'; Make = { , ([byte[]]::new(50000)) }; Type = 'Byte[]' }
        @{ Name = 'a list'; Make = { , ([System.Collections.Generic.List[int]]@(1, 2)) }; Type = 'List`1' }
    ) {
        $item = & $Make
        $there, $back = , $item | Invoke-ProcessBatch { $_.GetType().Name; , $_ }
        $there | Should -Be $Type
        $back.GetType().Name | Should -Be $Type
    }

    It 'gives $null as $null, and refuses a script block' {
        $null, 1 | Invoke-ProcessBatch { $null -eq $_ } -KeepOrder | Should -Be $true, $false
        { 1 } | Invoke-ProcessBatch { $_ } -ErrorVariable failure -ErrorAction SilentlyContinue
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'Switchyard.ScriptBlockNotAllowed*'
    }

    It 'has an item that cannot be run at its place' {
        $results = 1, { 2 }, 3 | Invoke-ProcessBatch { $_ } -AsResult -KeepOrder
        "$($results.Status)" | Should -Be 'Succeeded Failed Succeeded'
        $results[1].Errors.FullyQualifiedErrorId | Should -BeLike 'Switchyard.ScriptBlockNotAllowed*'
        $results[1].InputObject | Should -BeOfType scriptblock
    }

    It 'gives what has its value in the caller''s session only with that value' {
        $offset = 40
        $custom = [pscustomobject]@{ a = 2 }
        $custom.PSObject.Members.Add([psscriptproperty]::new('Sum', { $this.a + $offset }))
        $own = Get-Process -Id $PID
        $custom, $own | Invoke-ProcessBatch { "$($_.Sum)|$($_.Id)|$($_.WS -gt 0)|$($_.Path.Length -gt 0)" } -KeepOrder | Should -Be '42||False|False', "|$PID|True|True"
        ($own | Invoke-ProcessBatch { 1 } -AsResult).InputObject | Should -BeOfType System.Diagnostics.Process
    }

    It 'gives what can be enumerated only once whole' {
        $items = foreach ($n in 1, 2) {
            $collection = [System.Collections.Concurrent.BlockingCollection[int]]::new()
            1..3 | ForEach-Object { $collection.Add($_) }
            $collection.CompleteAdding()
            , $collection.GetConsumingEnumerable()
        }
        $items | Invoke-ProcessBatch { @($_).Count } -KeepOrder | Should -Be 3, 3
    }

    It 'gives files as Get-ChildItem writes them, whatever they are called' {
        $names = 'plain.txt', 'with space.txt', "it's [a] name.txt"
        $names | ForEach-Object { Set-Content -LiteralPath (Join-Path $TestDrive $_) -Value 'content' }
        $files = Get-ChildItem -LiteralPath $TestDrive -File
        $there = $files | Invoke-ProcessBatch { "$($_.GetType().Name)|$($_.PSPath)|$($_.PSParentPath)|$($_.PSChildName)|$($_.PSDrive)|$(Get-Content -LiteralPath $_)" } -KeepOrder
        $there | Should -Be @($files | ForEach-Object { "$($_.GetType().Name)|$($_.PSPath)|$($_.PSParentPath)|$($_.PSChildName)|$($_.PSDrive)|content" })
        ($files | Invoke-ProcessBatch { $_ } -KeepOrder | Out-String) | Should -Be ($files | Out-String)
    }

    It 'takes 100,000 items, and none' {
        (1..100000 | Invoke-ProcessBatch { $_ } | Measure-Object -Sum).Sum | Should -Be 5000050000
        @() | Invoke-ProcessBatch { $_ } | Should -BeNullOrEmpty
    }

    It 'says for that item alone what cannot be sent' {
        $result = 1..3 | Invoke-ProcessBatch { $deep = $_; if ($_ -eq 2) { foreach ($i in 1..1500) { $deep = , $deep } }; , $deep } -AsResult -KeepOrder
        "$($result.Status)" | Should -Be 'Succeeded Failed Succeeded'
        $result[1].Errors[0].FullyQualifiedErrorId | Should -Be 'Switchyard.OutputNotSent'
    }
}

Describe 'Invoke-ProcessBatch: streams and errors' {
    BeforeEach {
        $ErrorActionPreference = 'Continue'
    }

    It 'keeps id, category, target, position and type of an error' {
        $body = { Get-Item -LiteralPath /nonesuch/file; throw [System.IO.FileNotFoundException]::new('gone', [System.ArgumentException]::new('why')) }
        $here = 7 | Invoke-ThreadedBatch $body 2>&1
        $there = 7 | Invoke-ProcessBatch $body 2>&1
        $there.Count | Should -Be 2
        foreach ($i in 0, 1) {
            $there[$i].FullyQualifiedErrorId | Should -Be $here[$i].FullyQualifiedErrorId
            "$($there[$i].CategoryInfo)" | Should -Be "$($here[$i].CategoryInfo)"
            $there[$i].TargetObject | Should -Be $here[$i].TargetObject
            $there[$i].InvocationInfo.PositionMessage | Should -Be $here[$i].InvocationInfo.PositionMessage
            $there[$i].Exception.GetType() | Should -Be $here[$i].Exception.GetType()
            $there[$i].Exception.Message | Should -Be $here[$i].Exception.Message
        }

        $there[1].Exception.InnerException | Should -BeOfType ([System.ArgumentException])
    }

    It 'can be caught by type' {
        { try { 1 | Invoke-ProcessBatch { [System.IO.File]::ReadAllText('/nonesuch') } -ErrorAction Stop } catch [System.IO.IOException] { 'typed' } } | Should -Not -Throw
    }

    It 'brings each stream through' {
        $all = 1 | Invoke-ProcessBatch { 'out'; Write-Warning 'w'; Write-Verbose 'v'; Write-Host 'h' -ForegroundColor Red; Write-Information 'i' -Tags t; $Host.UI.WriteLine('direct') } -Verbose *>&1
        $all | ForEach-Object { "$($_.GetType().Name) $_" } | Should -Be 'String out', 'WarningRecord w', 'VerboseRecord v', 'InformationRecord h', 'InformationRecord i', 'InformationRecord direct'
        $all[3].MessageData.ForegroundColor | Should -Be 'Red'
        $all[4].Tags | Should -Contain 't'
    }

    It 'ends the item alone by <_>' -ForEach 'break', 'continue', 'return', 'exit 3', 'throw 1' {
        $body = [scriptblock]::Create("`$_; $_; 'not here'")
        1..3 | Invoke-ProcessBatch $body -KeepOrder -ErrorAction SilentlyContinue | Should -Be 1, 2, 3
    }

    It 'does not prompt, and says so' {
        1 | Invoke-ProcessBatch { Read-Host 'name' } -ErrorVariable failure -ErrorAction SilentlyContinue
        "$($failure[0])" | Should -BeLike '*cannot prompt*'
    }
}

Describe 'Invoke-ProcessBatch: the session of a worker' {
    BeforeEach {
        $ErrorActionPreference = 'Continue'
    }

    It 'has what it is given' {
        function Get-Doubled($Value) { $Value * 2 }
        $base = 5
        $bag = @{ list = 1, 2, 3 }
        1 | Invoke-ProcessBatch { param($x) "$(Get-Doubled $_) $using:base $($using:bag.list[2]) $x $named $initialized $PWD" } -ArgumentList 'arg' -FunctionName Get-Doubled -Variable @{ named = 'n' } -InitializationScript { $initialized = 'i' } |
            Should -Be "2 5 3 arg n i $PWD"
        1 | Invoke-ProcessBatch { "$PWD $([System.Environment]::CurrentDirectory) $env:GIVEN" } -WorkingDirectory ([System.IO.Path]::GetTempPath()) -Environment @{ GIVEN = 'x y' } |
            Should -BeLike '* x y'
    }

    It 'has the caller''s session with -CloneSession' {
        function global:Get-Cloned { "cloned $args" }
        Set-Alias -Name gcl -Value Get-Cloned -Scope Global
        $mine = @{ a = 1 }
        try {
            1 | Invoke-ProcessBatch { gcl $mine.a } -CloneSession -WarningAction SilentlyContinue | Should -Be 'cloned 1'
        }
        finally {
            Remove-Item -Path function:global:Get-Cloned, alias:gcl
        }
    }

    It 'knows nested batches of both kinds' {
        (1..2 | Invoke-ProcessBatch { $outer = $_; 1..2 | Invoke-ThreadedBatch { $_ * $using:outer }; 1 | Invoke-ProcessBatch { $_ } -NoReuse } | Measure-Object -Sum).Sum | Should -Be 11
    }

    It 'shows the next batch nothing of the last, in the same process' {
        Clear-Worker
        $first = 1 | Invoke-ProcessBatch {
            $global:left = 1; function global:Get-Left { }; Set-Alias -Name left -Value Get-Left -Scope Global; Set-Location ([System.IO.Path]::GetTempPath()); $env:LEFT = 1
            [System.Environment]::CurrentDirectory = [System.IO.Path]::GetTempPath(); $global:VerbosePreference = 'Continue'; $PID
        }
        $second = 1 | Invoke-ProcessBatch {
            [pscustomobject]@{
                Id = $PID; Left = $global:left; Commands = @(Get-Command -Name Get-Left, left -ErrorAction Ignore).Count; Location = "$PWD"
                Environment = $env:LEFT; Folder = [System.Environment]::CurrentDirectory; Verbose = "$VerbosePreference"
            }
        }
        $second.Id | Should -Be $first
        $second.Left | Should -BeNullOrEmpty
        $second.Commands | Should -Be 0
        $second.Location | Should -Be "$PWD"
        $second.Environment | Should -BeNullOrEmpty
        $second.Folder | Should -Be ([System.Environment]::CurrentDirectory)
        $second.Verbose | Should -Be 'SilentlyContinue'
    }

    It 'is constrained for a constrained caller, also after another has used it' {
        Clear-Worker
        1 | Invoke-ProcessBatch { [System.IO.Path]::IsPathRooted('/') } -ThrottleLimit 1 | Should -BeTrue
        $result = Invoke-Shell { $ExecutionContext.SessionState.LanguageMode = 'ConstrainedLanguage'; 1 | Invoke-ProcessBatch { [System.IO.Path]::IsPathRooted('/') } -ThrottleLimit 1 }
        $result.Output | Should -BeNullOrEmpty
        $result.Errors.FullyQualifiedErrorId | Should -Be 'MethodInvocationNotSupportedInConstrainedLanguage'
    }

    It 'does not keep a process that has loaded types' {
        Clear-Worker
        $first = 1 | Invoke-ProcessBatch { class LeftBehind { }; $PID }
        $second = 1 | Invoke-ProcessBatch { "$PID"; "$([bool]('LeftBehind' -as [type]))" }
        $second | Should -Not -Contain "$first"
        $second[1] | Should -Be 'False'
    }

    It 'uses another process with <Name>' -ForEach @(
        @{ Name = '-NoReuse'; Parameters = @{ NoReuse = $true } }
        @{ Name = '-FreshProcess'; Parameters = @{ FreshProcess = $true } }
        @{ Name = 'another -Environment'; Parameters = @{ Environment = @{ OTHER = '1' } } }
    ) {
        $first = 1 | Invoke-ProcessBatch { $PID }
        1 | Invoke-ProcessBatch { $PID } @Parameters | Should -Not -Be $first
        1 | Invoke-ProcessBatch { $PID } | Should -Be $first
    }

    It 'gives each item a process of its own with -FreshProcess' {
        @(1..3 | Invoke-ProcessBatch { $PID } -FreshProcess -ThrottleLimit 1 | Sort-Object -Unique) | Should -HaveCount 3
    }

    It 'ends when it has waited long enough, and with its module' {
        $id = 1 | Invoke-ProcessBatch { $PID } -IdleTimeoutSeconds 0.1 -Environment @{ IDLE = '1' }
        Wait-Until { -not (Test-Alive $id) } -Timeout '00:00:20' | Should -BeTrue
        $id = 1 | Invoke-ProcessBatch { $PID }
        Remove-Module -Name Switchyard
        try {
            Wait-Until { -not (Test-Alive $id) } -Timeout '00:00:20' | Should -BeTrue
        }
        finally {
            Import-BuiltModule
        }
    }
}

Describe 'Invoke-ProcessBatch: a worker that dies' {
    BeforeEach {
        $ErrorActionPreference = 'Continue'
    }

    It 'costs its item alone when it <Name>' -ForEach @(
        @{ Name = 'exits'; Code = 7; Text = '*exit code 7*'; Body = { if ($_ -eq 5) { [System.Environment]::Exit(7) }; $_ } }
        @{ Name = 'is killed'; Code = if ($IsWindows) { -1 } else { 137 }; Text = if ($IsWindows) { '*' } else { '*SIGKILL*' }; Body = { if ($_ -eq 5) { Stop-Process -Id $PID -Force }; $_ } }
        @{ Name = 'fails fast'; Code = $null; Text = '*boom*'; Body = { if ($_ -eq 5) { [System.Environment]::FailFast('boom') }; $_ } }
    ) {
        $result = 1..30 | Invoke-ProcessBatch $Body -AsResult -KeepOrder -ThrottleLimit 2
        $result.Count | Should -Be 30
        @($result | Where-Object Status -NE Succeeded).InputObject | Should -Be 5
        "$($result[4].Status)" | Should -Be 'Crashed'
        "$($result[4].Errors[0])" | Should -BeLike $Text
        if ($null -ne $Code) {
            $result[4].ExitCode | Should -Be $Code
        }

        $output = 1..30 | Invoke-ProcessBatch $Body -KeepOrder -ThrottleLimit 2 -ErrorVariable failure -ErrorAction SilentlyContinue
        $output | Should -Be (1..4 + 6..30)
        $failure | Should -HaveCount 1
        $failure[0].FullyQualifiedErrorId | Should -BeLike 'Switchyard.WorkerCrashed*'
        $failure[0].TargetObject | Should -Be 5
    }

    It 'has its item tried again with -CrashRetryCount' {
        $marks = Join-Path $TestDrive 'marks'
        $null = New-Item -ItemType Directory -Path $marks
        $result = 1..10 | Invoke-ProcessBatch {
            $mark = Join-Path $using:marks $_
            if ($_ -in 3, 7 -and -not (Test-Path -LiteralPath $mark)) { Set-Content -LiteralPath $mark -Value ''; [System.Environment]::Exit(1) }
            $_
        } -CrashRetryCount 1 -AsResult -KeepOrder
        $result.Output | Should -Be (1..10)
        $result[2].Attempts, $result[6].Attempts, $result[0].Attempts | Should -Be 2, 2, 1
    }

    It 'is replaced after -MaxItemsPerWorker items, and above -MaxWorkerMemoryMB' {
        # By what each has counted itself: a process's number may be the next one's.
        1..10 | Invoke-ProcessBatch { ($global:count += 1) } -MaxItemsPerWorker 3 -ThrottleLimit 1 -NoReuse | Should -Be 1, 2, 3, 1, 2, 3, 1, 2, 3, 1
        $groups = 1..3 | Invoke-ProcessBatch { $global:held = [byte[]]::new(300MB); [System.Array]::Fill($global:held, [byte]1); $PID } -MaxWorkerMemoryMB 300 -ThrottleLimit 1 -NoReuse | Group-Object
        $groups.ForEach('Count') | Should -Be 1, 1, 1
    }

    It 'is the PowerShell that -PowerShellPath names, and Tab completes its path' {
        $path = (Get-Pwsh).Path
        1 | Invoke-ProcessBatch { $PID -ne $using:PID; $PSHOME } -PowerShellPath $path | Should -Be $true, $PSHOME
        $line = "1 | Invoke-ProcessBatch { } -PowerShellPath $($path.Substring(0, $path.Length - 2))"
        (TabExpansion2 -inputScript $line -cursorColumn $line.Length).CompletionMatches.CompletionText | Should -Contain $path
    }

    It 'that is no PowerShell is one error that says so: <Path>' -Skip:$IsWindows -ForEach @(
        @{ Path = '/bin/false'; Id = 'Switchyard.WorkerNotStarted*' }
        @{ Path = '/bin/ls'; Id = 'Switchyard.WorkerNotStarted*' }
        @{ Path = '/nonesuch/pwsh'; Id = 'Switchyard.PowerShellPathNotFound*' }
    ) {
        $failure = { 1..3 | Invoke-ProcessBatch { $_ } -PowerShellPath $Path } | Should -Throw -PassThru
        $failure.FullyQualifiedErrorId | Should -BeLike $Id
    }

    It 'does not outlive a caller that is killed' -Skip:(-not $IsLinux) {
        $file = Join-Path $TestDrive 'workers'
        $script = "Import-Module '$(Get-BuiltManifest)'; 1..2 | Invoke-ProcessBatch { Add-Content -LiteralPath '$file' -Value `$PID; [System.Threading.Thread]::Sleep(600000) } -ThrottleLimit 2"
        $caller = Start-Pwsh '-NoProfile', '-EncodedCommand', ([System.Convert]::ToBase64String([System.Text.Encoding]::Unicode.GetBytes($script)))
        try {
            Wait-Until { @(Get-Content -LiteralPath $file -ErrorAction Ignore).Count -eq 2 } -Timeout '00:02:00' | Should -BeTrue
        }
        finally {
            $caller.Kill()
        }

        $ids = Get-Content -LiteralPath $file
        Wait-Until { -not ($ids | Where-Object { Test-Alive $_ }) } -Timeout '00:00:20' | Should -BeTrue
    }
}

Describe 'Invoke-ProcessBatch: deadlines and stops' {
    BeforeEach {
        $ErrorActionPreference = 'Continue'
    }

    It 'ends an item that does not listen, at its deadline, and no other' {
        $result = 1..6 | Invoke-ProcessBatch {
            if ($_ -eq 3) { [System.Threading.Thread]::Sleep(600000) }
            if ($_ -eq 4) { [regex]::IsMatch('a' * 40, '^(a+)+$b') }
            if ($_ -eq 5) { Start-Sleep -Seconds 600 }
            $_
        } -ItemTimeoutSeconds 5 -ThrottleLimit 2 -AsResult -KeepOrder
        "$($result.Status)" | Should -Be 'Succeeded Succeeded TimedOut TimedOut TimedOut Succeeded'
    }

    It 'ends with what follows it, however endless what feeds it is' {
        & { for ($i = 1; ; $i++) { $i } } | Invoke-ProcessBatch { $_ } -KeepOrder | Select-Object -First 3 | Should -Be 1, 2, 3
    }

    It 'accounts for all items after -TimeoutSeconds and -MaxFailures' {
        # A warm worker takes its first item at once, so that at least one is at work when the time is up.
        1..2 | Invoke-ProcessBatch { $_ } -ThrottleLimit 2 | Should -HaveCount 2
        $result = 1..6 | Invoke-ProcessBatch { Start-Sleep -Seconds 600 } -TimeoutSeconds 5 -ThrottleLimit 2 -AsResult -ErrorAction SilentlyContinue

        # Whether the second worker was there in time is the machine's business.
        $counts = @{ Skipped = 0; TimedOut = 0 }
        $result | Group-Object Status | ForEach-Object { $counts[$_.Name] = $_.Count }
        $counts.TimedOut | Should -BeIn 1, 2
        $counts.TimedOut + $counts.Skipped | Should -Be 6
        $result = 1..200 | Invoke-ProcessBatch { throw 'bad' } -MaxFailures 3 -ThrottleLimit 1 -AsResult -ErrorAction SilentlyContinue
        ($result | Group-Object Status | Sort-Object Name | ForEach-Object { "$($_.Name) $($_.Count)" }) | Should -Be 'Failed 3', 'Skipped 197'
    }

    It 'is a job with -AsJob, and only says what it would do with -WhatIf' {
        $job = 1..5 | Invoke-ProcessBatch { $_ * 2 } -AsJob
        $job | Wait-Job | Receive-Job | Sort-Object | Should -Be 2, 4, 6, 8, 10
        $job | Remove-Job
        1 | Invoke-ProcessBatch { 'ran' } -WhatIf | Should -BeNullOrEmpty
    }

    It 'tells what an item took' {
        $result = 1..4 | Invoke-ProcessBatch { $x = 0; foreach ($i in 1..200000) { $x += $i }; $x } -AsResult
        $result.CpuTime | ForEach-Object { $_ | Should -BeGreaterThan ([timespan]::Zero) }
        $result.Duration | ForEach-Object { $_ | Should -BeGreaterThan ([timespan]::Zero) }
        $result.WorkerId | ForEach-Object { $_ | Should -BeGreaterThan 0 }
    }

    It 'is as right in an engine whose hidden members are all gone' {
        # Both ends read the switch as they load, so this takes a process of its own.
        $script = {
            param($manifest)
            $ErrorActionPreference = 'Stop'
            Import-Module $manifest
            $counter = New-SharedState -Kind Counter
            1, @{ A = 1 }, [ordered]@{ B = 2 }, [pscustomobject]@{ C = 3 }, [System.IO.DirectoryInfo]::new('x'), $counter |
                Invoke-ProcessBatch -KeepOrder -ThrottleLimit 1 { $null = ($using:counter).Increment(); $_.GetType().Name + $_.a + $_.b + $_.c }
            $counter.Value
        }
        $env:SWITCHYARD_TEST_HIDE_MEMBERS = '*'
        try {
            Invoke-Pwsh -NoProfile -NonInteractive -Command "& { $script } '$((Get-BuiltManifest) -replace "'", "''")'" |
                Should -Be 'Int32', 'Hashtable1', 'OrderedDictionary2', 'PSCustomObject3', 'DirectoryInfo', 'SharedCounter', '6'
        }
        finally {
            $env:SWITCHYARD_TEST_HIDE_MEMBERS = $null
        }
    }
}
