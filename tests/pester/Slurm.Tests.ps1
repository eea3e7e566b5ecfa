#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5.0' }

# Workers that are tasks of Slurm, in a cluster of the tests' own.

BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot 'SlurmCluster.psm1') -Force
    $obstacle = Get-SlurmObstacle
    if ($obstacle) {
        Write-Warning $obstacle
    }
}

Describe 'Workers as tasks of Slurm' -Skip:([bool]$obstacle) {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Common.psm1') -Force
        Import-Module (Join-Path $PSScriptRoot 'SlurmCluster.psm1') -Force
        Import-BuiltModule
        $cluster = Start-SlurmCluster
        $pathBefore, $cacheBefore = $env:PATH, $env:XDG_CACHE_HOME
        $env:XDG_CACHE_HOME = "$TestDrive/cache"
        $pwsh = Get-Pwsh
        $null = New-Item -ItemType Directory "$TestDrive/bin"
        Set-Content "$TestDrive/bin/pwsh" "#!/bin/sh`nexec $(@(@($pwsh.Program) + $pwsh.Before | ForEach-Object { "'$_'" }) -join ' ') `"`$@`""
        & chmod 755 "$TestDrive/bin/pwsh"
        $env:PATH = "$TestDrive/bin:$env:PATH"
    }

    AfterAll {
        $env:PATH, $env:XDG_CACHE_HOME = $pathBefore, $cacheBefore
        Stop-SlurmCluster $cluster
    }

    AfterEach {
        # The allocation ends with the batch.
        Wait-Until -Timeout '00:00:20' { -not (Get-SlurmJob) } | Should -BeTrue
    }

    It 'run on the nodes of an allocation that ends with the batch' {
        $result = 1..8 | Invoke-ProcessBatch { Start-Sleep -Milliseconds 200; "$_ $env:SLURM_JOB_ID $env:SLURMD_NODENAME" } -Slurm -ThrottleLimit 4 -SlurmOption '--nodes=2', '--mem=1G' -AsResult -KeepOrder
        $result.Status | Select-Object -Unique | Should -Be 'Succeeded'
        $result.Output | ForEach-Object { $_ -replace ' .*' } | Should -Be (1..8)
        $result | ForEach-Object { $_.HostName | Should -Be ($_.Output -split ' ')[2] }
        ($result.Output | ForEach-Object { ($_ -split ' ')[1] } | Select-Object -Unique).Count | Should -Be 1
    }

    It 'say what Slurm said where it refuses' {
        { 1 | Invoke-ProcessBatch { $_ } -Slurm -ThrottleLimit 1 -SlurmOption '--partition=no-such' -WarningAction Ignore } |
            Should -Throw '*invalid partition specified: no-such*' -ErrorId 'Switchyard.HostNotUsable,Switchyard.Commands.InvokeProcessBatchCommand'
    }

    It 'cost their own item where they die' {
        $result = 1..6 | Invoke-ProcessBatch { if ($_ -eq 3) { [Environment]::Exit(7) }; $_ } -Slurm -ThrottleLimit 2 -AsResult -KeepOrder
        $result.Status | Should -Be 'Succeeded', 'Succeeded', 'Crashed', 'Succeeded', 'Succeeded', 'Succeeded'
        $result[2].ExitCode | Should -Be 7
    }

    It 'leave standard input empty' {
        1 | Invoke-ProcessBatch { (& cat | Measure-Object).Count } -Slurm -ThrottleLimit 1 | Should -Be 0
    }

    It 'end with a batch that is stopped early' {
        1..100 | Invoke-ProcessBatch { $_; Start-Sleep 60 } -Slurm -ThrottleLimit 2 | Select-Object -First 1 | Should -BeIn 1, 2
    }

    It 'end with a caller that is killed' {
        $caller = Start-Pwsh '-NoProfile', '-Command', "Import-Module '$(Get-BuiltManifest)'; 1 | Invoke-ProcessBatch { Set-Content '$TestDrive/started' `$PID; Start-Sleep 100 } -Slurm -ThrottleLimit 1"
        Wait-Until -Timeout '00:00:30' { Get-Content "$TestDrive/started" -ErrorAction Ignore } | Should -BeTrue
        $caller.Kill()
        $worker = [int](Get-Content "$TestDrive/started")
        Wait-Until -Timeout '00:00:20' { -not (Get-Process -Id $worker -ErrorAction Ignore) } | Should -BeTrue
    }

    It 'use the allocation that the caller is in' {
        $text = & salloc -Q -n 2 $pwsh.Program @($pwsh.Before) -NoProfile -Command "Import-Module '$(Get-BuiltManifest)'; 1..4 | Invoke-ProcessBatch { `$env:SLURM_JOB_ID } -Slurm | Select-Object -Unique; `$env:SLURM_JOB_ID"
        $text.Count | Should -Be 2
        $text[0] | Should -Be $text[1]
    }

    It 'connect where they are told to' {
        $listening = 1 | Invoke-ProcessBatch { (& ss -Htnp) -match "pid=$PID," } -Slurm -ThrottleLimit 1 -CallbackInterface ([System.Net.Dns]::GetHostName()) -CallbackPort (45200..45299)
        $listening | Should -Match ':452\d\d\s'
    }

    It 'walk in cluster.ps1' {
        $walks = & (Join-Path $PSScriptRoot '..' '..' 'docs' 'examples' 'cluster.ps1') -Slurm -SlurmOption '--mem=1G' -Tasks 2 -Walks 4 -Steps 100 -JournalPath "$TestDrive/walks.jsonl"
        $walks.Seed | Sort-Object | Should -Be (1..4)
    }

    It 'are begun with as they start, and not when all have' {
        # On the second node nothing starts before the first has ended items.
        Suspend-SlurmNode $cluster n2
        try {
            $results = 1..20 | Invoke-ProcessBatch -Slurm -ThrottleLimit 2 -SlurmOption '--nodes=2', '--ntasks-per-node=1' -AsResult -KeepOrder {
                $_
            }
            $results.Output | Should -Be (1..20)
            $results.HostName | Select-Object -Unique | Should -Be 'n1'
        }
        finally {
            Resume-SlurmNode $cluster n2
        }
    }

    It 'cost their items a retry where their node is lost' {
        $null = New-Item -ItemType Directory "$TestDrive/lost"
        $job = 1..40 | Invoke-ProcessBatch -Slurm -ThrottleLimit 2 -SlurmOption '--nodes=2', '--ntasks-per-node=1', '--no-kill' -AsResult -KeepOrder -AsJob {
            Set-Content "$using:TestDrive/lost/$env:SLURMD_NODENAME" ''
            while (-not (Test-Path "$using:TestDrive/lost/n1") -or -not (Test-Path "$using:TestDrive/lost/n2")) { Start-Sleep -Milliseconds 5 }
            while ($env:SLURMD_NODENAME -eq 'n2' -or -not (Test-Path "$using:TestDrive/lost/now")) { Start-Sleep -Milliseconds 5 }
            $_
        }
        try {
            Wait-Until -Timeout '00:01:00' { (Test-Path "$TestDrive/lost/n1") -and (Test-Path "$TestDrive/lost/n2") } | Should -BeTrue
            Disable-SlurmNode $cluster n2
            Set-Content "$TestDrive/lost/now" ''
            $null = Wait-Job $job
            $results = Receive-Job $job -WarningAction SilentlyContinue
            $results.Status | Select-Object -Unique | Should -Be 'Succeeded'
            $results.Output | Should -Be (1..40)
            $results.HostName | Select-Object -Unique | Should -Be 'n1'
            @($results | Where-Object Attempts -GT 1) | Should -HaveCount 1
        }
        finally {
            Set-Content "$TestDrive/lost/now" ''
            Remove-Job $job -Force
            Enable-SlurmNode $cluster n2
        }
    }

    It 'end with a batch that is stopped while its job is <State>' -ForEach @(
        @{ State = 'PENDING'; Options = @('--mincpus=8', '--nodes=2') }
        @{ State = 'RUNNING'; Options = @('--mem=1G') }
    ) {
        # A job that has all cores keeps the others waiting.
        if ($State -eq 'PENDING') {
            & salloc -Q --no-shell --nodes=2 --exclusive
        }

        $others = @(Get-SlurmJob)
        $shell = New-Shell
        try {
            $null = $shell.AddScript({
                param($options, $started)
                1..4 | Invoke-ProcessBatch -Slurm -ThrottleLimit 2 -SlurmOption $options { Set-Content $using:started ''; Start-Sleep 600 }
            }).AddArgument($Options).AddArgument("$TestDrive/begun")
            $run = $shell.BeginInvoke()
            Wait-Until -Timeout '00:01:00' {
                @(& squeue -h -n switchyard -o '%T') -contains $State -and ($State -eq 'PENDING' -or (Test-Path "$TestDrive/begun"))
            } | Should -BeTrue
            $shell.Stop()
            Wait-Until -Timeout '00:00:20' { -not (& squeue -h -n switchyard) } | Should -BeTrue
        }
        finally {
            $shell.Dispose()
            if ($others) {
                & scancel @others
            }
        }
    }

    It 'refuse <Name>' -ForEach @(
        @{ Name = 'an interface that is not there'; With = @{ Slurm = $true; CallbackInterface = 'no-such0' }; Id = 'CallbackNotPossible' }
        @{ Name = 'options without Slurm'; With = @{ SlurmOption = '--mem=1G' }; Id = 'ParameterNeedsAnother' }
        @{ Name = 'hosts beside it'; With = @{ Slurm = $true; HostName = 'a' }; Id = 'ParametersExcludeEachOther' }
    ) {
        { 1 | Invoke-ProcessBatch { $_ } @With } | Should -Throw -ErrorId "Switchyard.$Id,Switchyard.Commands.InvokeProcessBatchCommand"
    }
}
