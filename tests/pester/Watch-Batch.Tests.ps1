#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5.0' }

BeforeDiscovery {
    # Of util-linux, which takes the command as one argument.
    $noTerminal = -not ($IsLinux -and (Get-Command script -CommandType Application -ErrorAction Ignore))
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1') -Force
    Import-BuiltModule

    # A job whose items wait until the gate lets them go, and the batch that it is.
    function Start-Gated {
        param(
            [int] $Count = 20,
            [int] $ThrottleLimit = 2,
            [hashtable] $More = @{},
            [scriptblock] $Body = { $null = ($using:gate).WaitOne(30000); if ($_ -eq 3) { throw "three" }; $_ }
        )

        $gate = [System.Threading.Semaphore]::new(0, 1000)
        $name = "watched $([guid]::NewGuid())"
        $job = 1..$Count | Invoke-ThreadedBatch $Body -AsJob -Name $name -ThrottleLimit $ThrottleLimit @More
        [pscustomobject]@{ Job = $job; Gate = $gate; Id = (Get-Batch | Where-Object JobName -EQ $name).Id }
    }

    function Stop-Gated($Started) {
        $null = $Started.Gate.Release(900)
        Remove-Job $Started.Job -Force
        $Started.Gate.Dispose()
    }

    # A session of its own, which runs a script and says in what it writes when it is there.
    function Start-Session([string] $Script) {
        $text = "`$ProgressPreference = 'SilentlyContinue'; Import-Module '$(Get-BuiltManifest)'; $Script"
        Start-Pwsh '-NoProfile', '-NonInteractive', '-EncodedCommand', ([Convert]::ToBase64String([System.Text.Encoding]::Unicode.GetBytes($text)))
    }
}

Describe 'Batches that run' {
    BeforeEach {
        $footprint = Get-Footprint
        $started = $null
    }

    AfterEach {
        if ($started) { Stop-Gated $started }
        Assert-NoLeak $footprint
    }

    It 'are told of with what each worker is on' {
        $started = Start-Gated -Body { if ($_ -eq 3) { throw "three" }; if ($_ -gt 2) { $null = ($using:gate).WaitOne(30000) }; $_ }
        Wait-Until { $batch = Get-Batch $started.Id; $batch.DoneCount -eq 3 -and $batch.RunningCount -eq 2 } -Timeout '00:00:20' | Should -BeTrue
        $batch = Get-Batch $started.Id
        $batch.GetType().FullName | Should -Be 'Switchyard.BatchInfo'
        $batch.ProcessId | Should -Be $PID
        $batch.Command | Should -Be 'Invoke-ThreadedBatch'
        $batch.Work | Should -BeLike '*throw "three"*'
        $batch.State | Should -Be 'Running'
        $batch.FailedCount, $batch.TotalCount, $batch.ThrottleLimit, $batch.Percent | Should -Be 1, 20, 2, 15
        $batch.StartTime | Should -BeLessOrEqual (Get-Date)

        # The one that fails at once shows items to be short: its worker may take the next two together, and the other the one after them.
        $on = [int[]] $batch.Workers.ItemText | Sort-Object
        $on | Should -HaveCount 2
        $on[0] | Should -Be 4
        $on[1] | Should -BeGreaterThan 4
        $batch.Workers.State | Should -Be 'Running', 'Running'
        $batch.Workers[0].Elapsed | Should -BeGreaterThan ([timespan]::Zero)
        $batch.FailedItems.ItemText | Should -Be '3'
        $batch.FailedItems.Error | Should -Be 'three'
        $batch.SlowestItems | Should -HaveCount 3
        ($batch | Format-Table | Out-String -Width 120) | Should -Match "$($batch.Id) +Running +3/20 +1 "
        ($batch | Format-List | Out-String) | Should -Match '3 done of 20, 1 failed, 2 running'
    }

    It 'name the items of a group, and count them' {
        $started = Start-Gated -Count 5 -More @{ BatchSize = 3 }
        Wait-Until { (Get-Batch $started.Id).RunningCount -eq 5 } -Timeout '00:00:20' | Should -BeTrue
        (Get-Batch $started.Id).Workers.ItemText | Sort-Object | Should -Be '1, 2, 3', '4, 5'
        $null = $started.Gate.Release(2)

        # A comparison of the array with 3 finds it, so that the first group fails.
        $started.Job | Receive-Job -Wait -ErrorAction SilentlyContinue | Should -Be 4, 5
    }

    It 'run more or fewer at a time when their throttle is set, and say so' {
        $started = Start-Gated
        Wait-Until { (Get-Batch $started.Id).RunningCount -eq 2 } -Timeout '00:00:20' | Should -BeTrue
        $set = Get-Batch $started.Id | Set-Batch -ThrottleLimit 5 -PassThru
        $set.ThrottleLimit | Should -Be 5
        Wait-Until { (Get-Batch $started.Id).RunningCount -eq 5 } -Timeout '00:00:20' | Should -BeTrue
        Set-Batch $started.Id 1
        $null = $started.Gate.Release(5)
        Wait-Until { $batch = Get-Batch $started.Id; $batch.DoneCount -eq 5 -and $batch.RunningCount -eq 1 } -Timeout '00:00:20' | Should -BeTrue
    }

    It 'adjust their throttle no more once it is set' {
        $started = Start-Gated -ThrottleLimit 40 -More @{ AutoThrottle = $true }
        (Get-Batch $started.Id).AutoThrottle | Should -BeTrue
        $set = Set-Batch $started.Id -ThrottleLimit 3 -PassThru
        $set.AutoThrottle | Should -BeFalse
        $set.ThrottleLimit | Should -Be 3
    }

    It 'start nothing while they are suspended, and go on when they are resumed' {
        $started = Start-Gated -Count 6
        Wait-Until { (Get-Batch $started.Id).RunningCount -eq 2 } -Timeout '00:00:20' | Should -BeTrue
        (Suspend-Batch $started.Id -PassThru).State | Should -Be 'Suspended'
        $null = $started.Gate.Release(6)
        Wait-Until { (Get-Batch $started.Id).DoneCount -eq 2 } -Timeout '00:00:20' | Should -BeTrue
        (Get-Batch $started.Id).RunningCount | Should -Be 0
        $started.Job.State | Should -Be 'Running'
        (Resume-Batch $started.Id -PassThru).State | Should -Be 'Running'
        $null = Wait-Job $started.Job -Timeout 20
        @(Receive-Job $started.Job -ErrorAction SilentlyContinue) | Sort-Object | Should -Be 1, 2, 4, 5, 6
    }

    It 'give back what worker processes had not begun when they are suspended' {
        $name = "processes $([guid]::NewGuid())"
        $job = 1..300 | Invoke-ProcessBatch { Start-Sleep -Milliseconds 40; $_ } -AsJob -Name $name -ThrottleLimit 2
        try {
            $id = (Get-Batch | Where-Object JobName -EQ $name).Id
            Wait-Until { (Get-Batch $id).DoneCount -gt 20 } -Timeout '00:00:30' | Should -BeTrue
            (Get-Batch $id).Workers.ProcessId | ForEach-Object { $_ | Should -Not -Be $PID }
            Suspend-Batch $id
            Wait-Until { (Get-Batch $id).RunningCount -eq 0 } -Timeout '00:00:20' | Should -BeTrue
            $done = (Get-Batch $id).DoneCount
            $done | Should -BeLessThan 300
            Resume-Batch $id
            Set-Batch $id -ThrottleLimit 4
            $null = Wait-Job $job -Timeout 60
            @(Receive-Job $job) | Sort-Object | Should -Be (1..300)
        }
        finally {
            Remove-Job $job -Force
        }
    }

    It 'end as a stopped job when they are stopped' {
        $started = Start-Gated
        Stop-Batch $started.Id
        $null = Wait-Job $started.Job -Timeout 20
        $started.Job.State | Should -Be 'Stopped'
        Get-Batch | Where-Object Id -EQ $started.Id | Should -BeNullOrEmpty
    }

    It 'end one item and go on: <Name>' -ForEach @(
        @{ Name = 'with results'; More = @{ AsResult = $true } }
        @{ Name = 'with deadlines'; More = @{ ItemTimeoutSeconds = 600 } }
    ) {
        $started = Start-Gated -Count 4 -More $More
        Wait-Until { (Get-Batch $started.Id).Workers.Index -contains 1 } -Timeout '00:00:20' | Should -BeTrue
        Stop-Batch $started.Id -Index 1
        Wait-Until { (Get-Batch $started.Id).DoneCount -eq 1 } -Timeout '00:00:20' | Should -BeTrue
        $null = $started.Gate.Release(4)
        $null = Wait-Job $started.Job -Timeout 20
        $output = Receive-Job $started.Job -ErrorAction SilentlyContinue -ErrorVariable failed
        $stopped = if ($More.AsResult) {
            ($output | Where-Object Index -EQ 1).Status | Should -Be 'Canceled'
            ($output | Where-Object Index -EQ 1).Errors | Where-Object FullyQualifiedErrorId -EQ 'Switchyard.ItemStopped'
            ($output | Where-Object Index -NE 1).Status | Sort-Object | Should -Be 'Succeeded', 'Succeeded', 'Failed'
        }
        else {
            $output | Sort-Object | Should -Be 1, 4
            $failed | Where-Object FullyQualifiedErrorId -EQ 'Switchyard.ItemStopped'
        }
        $stopped.TargetObject | Should -Be 2
    }

    It 'cannot end one item where none is accounted for, and say what to do' {
        $started = Start-Gated
        Wait-Until { (Get-Batch $started.Id).RunningCount -eq 2 } -Timeout '00:00:20' | Should -BeTrue
        Stop-Batch $started.Id -Index 0 -ErrorAction SilentlyContinue -ErrorVariable failed
        $failed.FullyQualifiedErrorId | Should -Be 'Switchyard.BatchItemNotStoppable,Switchyard.Commands.StopBatchCommand'
        (Get-Batch $started.Id).State | Should -Be 'Running'
    }

    It 'are left alone with -WhatIf: <_>' -ForEach 'Set-Batch -ThrottleLimit 9', 'Suspend-Batch', 'Resume-Batch', 'Stop-Batch' {
        $started = Start-Gated
        $batch = Get-Batch $started.Id
        $null = & ([scriptblock]::Create("param(`$batch) `$batch | $_ -WhatIf")) $batch
        $after = Get-Batch $started.Id
        $after.State, $after.ThrottleLimit | Should -Be 'Running', 2
    }

    It 'are completed by id and by what they run' {
        $started = Start-Gated
        foreach ($word in $started.Id, 'Invoke-Thr', 'watched') {
            $line = "Stop-Batch -Id $word"
            (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Contain $started.Id
        }
    }

    It 'are not found when there are none: <Id>' -ForEach @(
        @{ Id = '2147483647-1'; Error = 'BatchNotFound' }
        @{ Id = 'nonsense'; Error = 'BatchIdNotValid' }
    ) {
        Get-Batch $Id -ErrorAction SilentlyContinue -ErrorVariable failed | Should -BeNullOrEmpty
        $failed[0].FullyQualifiedErrorId | Should -Be "Switchyard.$Error,Switchyard.Commands.GetBatchCommand"
        $failed[0].TargetObject | Should -Be $Id
        Get-Batch 'no*such' | Should -BeNullOrEmpty
    }

    It 'are written as lines until they have ended' {
        $started = Start-Gated -Count 3
        $shell = New-Shell
        try {
            $null = $shell.AddScript('param($id) Watch-Batch $id -IntervalSeconds 0.05').AddArgument($started.Id)
            $lines = [System.Management.Automation.PSDataCollection[psobject]]::new()
            $running = $shell.BeginInvoke([System.Management.Automation.PSDataCollection[psobject]]::new(), $lines)
            Wait-Until { @($lines) -match "$($started.Id) Running: 0 of 3 done, 2 running$" } -Timeout '00:00:20' | Should -BeTrue
            $null = $started.Gate.Release(3)
            Wait-Until { $running.IsCompleted } -Timeout '00:00:20' | Should -BeTrue
            $null = $shell.EndInvoke($running)
            @($lines)[-1] | Should -BeLike "*$($started.Id) has ended."
            "$lines" | Should -Not -Match '\e'
        }
        finally {
            $shell.Dispose()
        }
    }

    It 'need not be there to be watched' {
        Watch-Batch '2147483647-1' -ErrorAction SilentlyContinue -ErrorVariable failed
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'Switchyard.BatchNotFound*'
    }
}

Describe 'Batches of other sessions' {
    It 'are seen, steered and stopped, and what stopped them is said there' {
        $output = Join-Path $TestDrive 'stopped.txt'
        $session = Start-Session "try { 1..100000 | Invoke-ThreadedBatch { Start-Sleep -Milliseconds 20 } -ThrottleLimit 2 } catch { `$_.FullyQualifiedErrorId, `$_.CategoryInfo.Category | Set-Content '$output' }"
        try {
            Wait-Until { Get-Batch "$($session.Id)-1" -ErrorAction Ignore } -Timeout '00:00:30' | Should -BeTrue
            $batch = Get-Batch "$($session.Id)-*"
            $batch.ProcessId | Should -Be $session.Id
            $batch.TotalCount | Should -Be 100000
            ($batch | Set-Batch -ThrottleLimit 3 -PassThru).ThrottleLimit | Should -Be 3
            Wait-Until { @((Get-Batch $batch.Id).Workers).Count -eq 3 } -Timeout '00:00:20' | Should -BeTrue
            ($batch | Suspend-Batch -PassThru).State | Should -Be 'Suspended'
            Wait-Until { (Get-Batch $batch.Id).RunningCount -eq 0 } -Timeout '00:00:20' | Should -BeTrue
            $batch | Stop-Batch
            $session.WaitForExit(30000) | Should -BeTrue
            Get-Content $output | Should -Be 'Switchyard.BatchStopped,Switchyard.Commands.InvokeThreadedBatchCommand', 'OperationStopped'
        }
        finally {
            if (-not $session.HasExited) { $session.Kill($true) }
        }
    }

    It 'leave nothing behind when they were killed' -Skip:$IsWindows {
        $session = Start-Session '1..100000 | Invoke-ThreadedBatch { Start-Sleep -Milliseconds 20 } -ThrottleLimit 2'
        try {
            Wait-Until { Get-Batch "$($session.Id)-1" -ErrorAction Ignore } -Timeout '00:00:30' | Should -BeTrue
            @(Get-ChildItem /tmp -Directory -Filter "switchyard-$($session.Id)-*") | Should -Not -BeNullOrEmpty
        }
        finally {
            $session.Kill($true)
            $session.WaitForExit()
        }

        Get-Batch "$($session.Id)-1" -ErrorAction SilentlyContinue -ErrorVariable failed | Should -BeNullOrEmpty
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'Switchyard.BatchNotFound*'
        @(Get-ChildItem /tmp -Directory -Filter "switchyard-$($session.Id)-*") | Should -BeNullOrEmpty
    }

    It 'that do not answer are named, and the others are told of' -Skip:$IsWindows {
        $session = Start-Session '1..100000 | Invoke-ThreadedBatch { Start-Sleep -Milliseconds 20 } -ThrottleLimit 2'
        try {
            Wait-Until { Get-Batch "$($session.Id)-1" -ErrorAction Ignore } -Timeout '00:00:30' | Should -BeTrue
            kill -STOP $session.Id
            $null = Get-Batch -ErrorAction SilentlyContinue -ErrorVariable failed
            $silent = @($failed | Where-Object TargetObject -EQ $session.Id)
            $silent.FullyQualifiedErrorId | Should -Be 'Switchyard.SessionNotAnswering,Switchyard.Commands.GetBatchCommand'
        }
        finally {
            kill -CONT $session.Id
            $session.Kill($true)
            $session.WaitForExit()
        }
    }
}

Describe 'Watch-Batch at a terminal' {
    It 'shows a screen of its own, takes keys, and gives the terminal back' -Skip:$noTerminal {
        $file = Join-Path $TestDrive 'watch.ps1'
        Set-Content -LiteralPath $file @'
param($Module, $Result)
Import-Module $Module
$job = 1..100000 | Invoke-ThreadedBatch { [System.Threading.Thread]::Sleep(20); if ($_ -eq 2) { throw 'two' } } -AsJob -ThrottleLimit 2 -Name typed -ErrorAction SilentlyContinue
Watch-Batch (Get-Batch | Where-Object JobName -EQ typed).Id
$job.State, (Get-Batch | Where-Object JobName -EQ typed).Count, 'after' | Set-Content $Result
'@
        $result = Join-Path $TestDrive 'result.txt'
        $shown = Join-Path $TestDrive 'shown.txt'
        $pwsh = Get-Pwsh
        $command = @($pwsh.Program) + @($pwsh.Before) + '-NoProfile', '-File', $file, (Get-BuiltManifest), $result | ForEach-Object { "'$_'" }
        # Typed once each thing asked for is on the screen.
        $start = [System.Diagnostics.ProcessStartInfo]::new('script', [string[]]@('-qefc', "stty rows 30 cols 100; $command", $shown))
        $start.RedirectStandardInput = $true
        $start.RedirectStandardOutput = $true
        $start.Environment['TERM'] = 'xterm-256color'
        $start.Environment.Remove('NO_COLOR')
        $script = [System.Diagnostics.Process]::Start($start)
        try {
            $reading = $script.StandardOutput.ReadToEndAsync()
            $screen = { Get-Content -Raw -LiteralPath $shown -ErrorAction Ignore }
            Wait-Until { (& $screen) -match 'throttle 2 ' } -Timeout '00:00:40' | Should -BeTrue
            $script.StandardInput.Write('+')
            Wait-Until { (& $screen) -match 'throttle 3 ' } -Timeout '00:00:20' | Should -BeTrue
            $script.StandardInput.Write('p')
            Wait-Until { (& $screen) -match 'Suspended' } -Timeout '00:00:20' | Should -BeTrue
            $script.StandardInput.Write('s')
            Wait-Until { (& $screen) -match 'Stop \d+-1\?' } -Timeout '00:00:20' | Should -BeTrue
            $script.StandardInput.Write('y')
            $script.WaitForExit(40000) | Should -BeTrue
            $text = & $screen
            $text | Should -Match '\e\[\?1049h'
            $text.LastIndexOf("`e[?1049l") | Should -BeGreaterThan $text.LastIndexOf('Invoke-ThreadedBatch')
            $text | Should -Match 'Failed last'
            Get-Content $result | Should -Be 'Stopped', '0', 'after'
        }
        finally {
            if (-not $script.HasExited) { $script.Kill($true) }
            $script.Dispose()
        }
    }
}
