#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5.0' }

# What happens to a batch when the way to a machine, or the machine, is not as it should be. Each host of the tests has a network of its own. Nothing here is
# asked of time: bodies and tests tell each other what has happened by files, which all see.

BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot 'SshHosts.psm1') -Force
    Import-Module (Join-Path $PSScriptRoot 'NetworkNamespace.psm1') -Force
    $obstacle = @(Get-SshObstacle; Get-NamespaceObstacle)[0]
    if ($obstacle) {
        Write-Warning $obstacle
    }
}

Describe 'Hosts behind a network that fails' -Skip:([bool]$obstacle) {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Common.psm1') -Force
        Import-Module (Join-Path $PSScriptRoot 'SshHosts.psm1') -Force
        Import-Module (Join-Path $PSScriptRoot 'NetworkNamespace.psm1') -Force
        Import-BuiltModule
        $pathBefore = $env:PATH
        $network1, $network2 = $networks = @(New-NetworkNamespace; New-NetworkNamespace)
        $node1, $node2 = $nodes = @(Start-SshHost -Namespace $networks)
        $env:PATH = "$($node1.ClientPath):$env:PATH"

        # A machine that does not answer is given up after six seconds.
        $far = @{ HostName = 'node1', 'node2'; WorkersPerHost = 2; Options = @{ ServerAliveInterval = 2; ServerAliveCountMax = 2; ConnectTimeout = 5 } }
    }

    AfterAll {
        $env:PATH = $pathBefore
        Stop-SshHost $nodes
        Remove-NetworkNamespace $networks
    }

    BeforeEach {
        $before = Get-Footprint
        $place = (New-Item -ItemType Directory "$TestDrive/$(New-Guid)").FullName
    }

    AfterEach {
        $networks | ForEach-Object { Set-Network $_ }
        Assert-NoLeak $before
        Wait-Until -Timeout '00:00:30' { -not ($nodes | ForEach-Object { Get-SshHostProcess $_ }) } | Should -BeTrue -Because 'nothing is left on any host'
    }

    It 'cost the items that run on one that is <Fault> a retry, with one warning, and it is used again' -ForEach @(
        @{ Fault = 'silent'; Hit = { Set-Network $network1 -Silence }; Mend = { Set-Network $network1 }; Cause = '*not responding*' }
        @{ Fault = 'reset'; Hit = { Set-Network $network1 -Reset }; Mend = { Set-Network $network1 }; Cause = '*' }
        @{ Fault = 'frozen'; Hit = { Suspend-SshHost $node1 }; Mend = { Resume-SshHost $node1 }; Cause = '*not responding*' }
    ) {
        $job = 1..200 | Invoke-ProcessBatch @far -AsJob -KeepOrder -AsResult {
            if ($env:SWITCHYARD_TEST_HOST -notlike '*-node1') {
                # There is something to do until the other is back.
                while ($_ -gt 100 -and -not (Test-Path "$using:place/again")) { Start-Sleep -Milliseconds 5 }
            }
            elseif (Test-Path "$using:place/mended") {
                Set-Content "$using:place/again" ''
            }
            elseif ($_ -gt 20) {
                # What these write in the end comes too late, if at all.
                Set-Content "$using:place/running-$PID" ''
                while (-not (Test-Path "$using:place/mended")) { Start-Sleep -Milliseconds 5 }
                'late'
            }
            $_
        }
        try {
            Wait-Until -Timeout '00:00:30' { @(Get-Item "$place/running-*").Count -eq 2 } | Should -BeTrue
            & $Hit
            Wait-Until -Timeout '00:01:00' { $job.Warning.Count -gt 0 } | Should -BeTrue
            & $Mend
            Set-Content "$place/mended" ''
            Wait-Until -Timeout '00:01:00' { Test-Path "$place/again" } | Should -BeTrue
            $null = Wait-Job $job
            $results = Receive-Job $job -WarningVariable warnings -WarningAction SilentlyContinue
            $results.Status | Select-Object -Unique | Should -Be 'Succeeded'
            $results.Output | Should -Be (1..200)
            @($results | Where-Object Attempts -GT 1).Count | Should -BeIn 1, 2
            $warnings | Should -HaveCount 1
            "$warnings" | Should -BeLike "The batch goes on without node1 for now*$Cause"
        }
        finally {
            & $Mend
            Set-Content "$place/mended" ''
            Set-Content "$place/again" ''
            Remove-Job $job -Force
        }
    }

    It 'cost nothing but time where a tenth of the packets is lost on a narrow way' {
        Set-Network $network1 -Loss 10
        Set-Network $network2 -Rate 1mbit
        $data = [byte[]]::new(100KB)
        [System.Random]::new(7).NextBytes($data)
        $results = 1..40 | ForEach-Object { , $data } | Invoke-ProcessBatch @far -AsResult -KeepOrder -WarningVariable warnings {
            , ([byte[]]$_)
        }
        $results.Status | Select-Object -Unique | Should -Be 'Succeeded'
        $results | ForEach-Object { [System.Linq.Enumerable]::SequenceEqual([byte[]]$_.Output[0], $data) } | Select-Object -Unique | Should -BeTrue
        $results.Attempts | Select-Object -Unique | Should -Be 1
        $warnings | Should -BeNullOrEmpty
    }

    It 'are not waited for where they do not answer, be it at the start or the end' {
        Set-Network $network1 -Silence
        $results = 1..100 | Invoke-ProcessBatch -HostName 'node1', 'node2', 'localhost' -WorkersPerHost 1 -Options @{ ConnectTimeout = 600 } -AsResult { $_ }
        $results.Output | Sort-Object | Should -Be (1..100)
        $results.HostName | Should -Not -Contain 'node1'
    }

    It 'run nothing any more for a batch that is stopped while one is silent and is being sent much' {
        $shell = New-Shell
        try {
            $null = $shell.AddScript({
                param($place)
                1..20 | ForEach-Object { 'x' * 3MB } |
                    Invoke-ProcessBatch -HostName node1 -WorkersPerHost 2 { Set-Content "$using:place/$PID" ''; while (-not (Test-Path "$using:place/end")) { Start-Sleep -Milliseconds 5 } }
            }).AddArgument($place)
            $run = $shell.BeginInvoke()
            Wait-Until -Timeout '00:00:30' { (Get-ChildItem $place).Count -eq 2 } | Should -BeTrue
            Set-Network $network1 -Silence
            $shell.Stop()
            $shell.InvocationStateInfo.State | Should -Be 'Stopped'
        }
        finally {
            $shell.Dispose()
        }
    }

    Context 'with a disk that is full' {
        BeforeEach {
            # So its next workers start anew, and find what they need there.
            1 | Invoke-ProcessBatch -HostName node1 -NoReuse { }
            $mounts = @("$($node1.HomePath)/.cache/switchyard/$Folder")

            # Where the module cannot be kept, it goes to the folder of temporary files.
            if ($Folder -eq 'modules') { $mounts += $node1.TemporaryPath }
            foreach ($mount in $mounts) {
                $null = New-Item -ItemType Directory -Force $mount
                & mount -t tmpfs -o size=64k switchyard-tests $mount
            }
        }

        AfterEach {
            Clear-Worker
            Wait-Until -Timeout '00:00:30' { -not (Get-SshHostProcess $node1) } | Should -BeTrue
            & umount @mounts
        }

        It 'are done without where there is no space for <Folder>' -ForEach @(
            @{ Folder = 'modules'; Cause = '*No space left on device*' }
            @{ Folder = 'work'; Cause = '*no space left there for the files*' }
        ) {
            foreach ($number in 1..12) { [System.IO.File]::WriteAllBytes("$place/$number", [byte[]]::new(300KB)) }
            $job = Get-ChildItem $place -File | Invoke-ProcessBatch @far -AsJob -AsResult -SendFile '{}' {
                while (-not (Test-Path "$using:place/../said")) { Start-Sleep -Milliseconds 5 }
                $_.Length
            }
            try {
                Wait-Until -Timeout '00:00:30' { $job.Warning.Count -gt 0 } | Should -BeTrue
                Set-Content "$place/../said" ''
                $null = Wait-Job $job
                $results = Receive-Job $job -WarningVariable warnings -WarningAction SilentlyContinue
                $results | Should -HaveCount 12
                $results.Status | Select-Object -Unique | Should -Be 'Succeeded'
                $results.HostName | Select-Object -Unique | Should -Be 'node2'
                $warnings | Should -HaveCount 1
                "$warnings" | Should -BeLike "The batch goes on without node1 for now$Cause"
            }
            finally {
                Set-Content "$place/../said" ''
                Remove-Job $job -Force
                Remove-Item "$place/../said"
            }
        }
    }
}
