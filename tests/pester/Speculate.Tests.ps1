#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5.0' }

BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot 'SshHosts.psm1') -Force
    $obstacle = Get-SshObstacle
    if ($obstacle) {
        Write-Warning $obstacle
    }
}

# A worker behind a launch command on this machine: 'env' carries standard input and output, as ssh does.
# Both attempts at an item may be at the same line at once: which of them is to be slow, the one that creates a file decides.
Describe 'Items that run a second time' -Skip:$IsWindows {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Common.psm1') -Force
        Import-BuiltModule
        $far = @{ LaunchCommand = 'env'; WorkersPerHost = 2; PowerShellPath = (Get-Pwsh).Path; Speculate = $true }
    }

    BeforeEach {
        $place = (New-Item -ItemType Directory "$TestDrive/$(New-Guid)").FullName
        $before = Get-Footprint
    }

    AfterEach {
        Assert-NoLeak $before
    }

    It 'are handed on once, and nothing of the run that is slower' {
        $all = 1..6 | Invoke-ProcessBatch @far -KeepOrder -WarningVariable warnings -WarningAction SilentlyContinue {
            if ($_ -eq 2 -and (New-Item "$using:place/first" -ErrorAction Ignore)) {
                'half'
                Write-Warning 'slow'
                Start-Sleep 600
            }
            "all of $_"
        }
        $all | Should -Be (1..6 | ForEach-Object { "all of $_" })
        $warnings | Should -BeNullOrEmpty
    }

    It 'are one result, with both attempts' {
        $results = 1..6 | Invoke-ProcessBatch @far -AsResult -JournalPath "$place/journal" -RetryCount 2 {
            if ($_ -eq 2 -and (New-Item "$using:place/first" -ErrorAction Ignore)) {
                Start-Sleep 600
            }
            $_
        }
        $results | Sort-Object Index | ForEach-Object { "$($_.Status) $($_.Output) $($_.Attempts)" } |
            Should -Be 'Succeeded 1 1', 'Succeeded 2 2', 'Succeeded 3 1', 'Succeeded 4 1', 'Succeeded 5 1', 'Succeeded 6 1'
        Get-BatchJournal "$place/journal" | Where-Object Attempts -EQ 2 | ForEach-Object ItemText | Should -Be 2
        1..6 | Invoke-ProcessBatch @far -JournalPath "$place/journal" -Resume -WarningAction SilentlyContinue { $_ } | Should -BeNullOrEmpty
    }

    It 'end a batch of which a worker does not answer any more' -Skip:(-not $IsLinux) {
        1..20 | Invoke-ProcessBatch @far -KeepOrder {
            if ($_ -eq 2 -and (New-Item "$using:place/first" -Value $PID -ErrorAction Ignore)) {
                & kill -STOP $PID
            }

            # The other is still there: it was not waited for until it was given up.
            $_ -ne 2 -or (Test-Path "/proc/$(Get-Content "$using:place/first")")
        } | Should -Be (@($true) * 20)
        Get-Process -Id (Get-Content "$place/first") -ErrorAction Ignore | Should -BeNullOrEmpty
    }

    It 'write the files of a program once' {
        $results = 1..4 | Invoke-ProcessBatch @far -AsResult -OutputDirectory "$place/out" -FilePath sh -ArgumentList '-c',
            'if [ "$1" = 2 ] && mkdir "$2" 2> /dev/null; then echo half; exec sleep 600; fi; echo "all of $1"', 'sh', '{}', "$place/first"
        $results | Sort-Object Index | ForEach-Object { Get-Content "$($_.OutputPath).stdout" } | Should -Be (1..4 | ForEach-Object { "all of $_" })
        Get-ChildItem "$place/out" -Force | Should -HaveCount 12
    }

    It 'need workers elsewhere' {
        { 1 | Invoke-ProcessBatch { $_ } -Speculate } | Should -Throw -ErrorId 'Switchyard.ParameterNeedsAnother,*'
        { 1 | Invoke-ProcessBatch @far { $_ } -SendFile x -WorkingDirectory $place } | Should -Throw -ErrorId 'Switchyard.ParametersExcludeEachOther,*'
    }

    It 'are stopped both with the batch' {
        $shell = New-Shell
        try {
            $null = $shell.AddScript({
                param($place)
                1..4 | Invoke-ProcessBatch -LaunchCommand env -WorkersPerHost 2 -Speculate {
                    if ($_ -eq 2) {
                        Set-Content "$using:place/$PID" ''
                        & sleep 7722
                    }
                }
            }).AddArgument($place)
            $run = $shell.BeginInvoke()
            Wait-Until -Timeout '00:00:30' { (Get-ChildItem $place).Count -eq 2 } | Should -BeTrue
            $shell.Stop()
            Wait-Until { -not (Get-Process -Id (Get-ChildItem $place).Name -ErrorAction Ignore) } | Should -BeTrue
        }
        finally {
            $shell.Dispose()
        }
    }
}

Describe 'Items that run a second time on another host' -Skip:([bool]$obstacle) {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Common.psm1') -Force
        Import-Module (Join-Path $PSScriptRoot 'SshHosts.psm1') -Force
        Import-BuiltModule
        $pathBefore, $cacheBefore = $env:PATH, $env:XDG_CACHE_HOME
        $node1, $node2 = $nodes = @(Start-SshHost -Count 2)
        $env:PATH = "$($node1.ClientPath):$env:PATH"
        $env:XDG_CACHE_HOME = "$TestDrive/cache"
        $far = @{ HostName = 'node1', 'node2'; WorkersPerHost = 2; Speculate = $true }
    }

    AfterAll {
        $env:PATH, $env:XDG_CACHE_HOME = $pathBefore, $cacheBefore
        Stop-SshHost $nodes
    }

    BeforeEach {
        $place = (New-Item -ItemType Directory "$TestDrive/$(New-Guid)").FullName
    }

    AfterEach {
        Clear-Worker
        Wait-Until { -not ($nodes | ForEach-Object { Get-SshHostProcess $_ }) } | Should -BeTrue -Because 'nothing is left on any host'
    }

    It 'do so there where one is slow' {
        $results = 1..8 | Invoke-ProcessBatch @far -AsResult {
            if ($env:SWITCHYARD_TEST_HOST -like '*-node1') {
                Set-Content "$using:place/running" ''
                Start-Sleep 600
            }

            # Otherwise one host could have done all before the other is there.
            while (-not (Test-Path "$using:place/running")) { Start-Sleep -Milliseconds 5 }
            $_
        }
        $results.Output | Sort-Object | Should -Be (1..8)
        $results.HostName | Sort-Object -Unique | Should -Be 'node2'
        $results | Where-Object Attempts -EQ 2 | Should -Not -BeNullOrEmpty
    }

    It 'leave the files of one run alone, in a folder that no other has seen' {
        Push-Location $place
        try {
            1..4 | ForEach-Object { Set-Content "$_.csv" "line $_" -NoNewline }
            $results = Get-ChildItem *.csv | Invoke-ProcessBatch @far -AsResult -SendFile '{}' -ReceiveFile '{}.out' {
                $PWD.Path
                Test-Path "$_.out"
                Set-Content "$_.out" "of $(Get-Content $_)" -NoNewline
                if ($_.Name -eq '2.csv' -and (New-Item "$using:place/first" -Value $PWD.Path -ErrorAction Ignore)) {
                    Start-Sleep 600
                }
            }

            # Others may have been slow as well.
            $again = $results | Where-Object { $_.InputObject.Name -eq '2.csv' }
            $again.Attempts | Should -Be 2
            $again.Output[0] | Should -Not -Be (Get-Content "$place/first")
            $results | ForEach-Object { $_.Output[1] } | Should -Be (@($false) * 4)
            1..4 | ForEach-Object { Get-Content "$_.csv.out" } | Should -Be (1..4 | ForEach-Object { "of line $_" })
            Get-ChildItem $place -Hidden | Should -BeNullOrEmpty
            Wait-Until { -not ($nodes | ForEach-Object { Get-ChildItem "$($_.HomePath)/.cache/switchyard/work" }) } | Should -BeTrue
        }
        finally {
            Pop-Location
        }
    }

    It 'do so there where one has stopped to answer, and the batch ends without it' {
        try {
            $job = 1..12 | Invoke-ProcessBatch @far -AsJob {
                if ($env:SWITCHYARD_TEST_HOST -like '*-node1') {
                    Set-Content "$using:place/running" ''
                    Start-Sleep 600
                }
                while (-not (Test-Path "$using:place/frozen")) { Start-Sleep -Milliseconds 5 }
                $_
            }
            Wait-Until -Timeout '00:00:30' { Test-Path "$place/running" } | Should -BeTrue
            Suspend-SshHost $node1
            Set-Content "$place/frozen" ''
            $null = Wait-Job $job
            Receive-Job $job | Sort-Object | Should -Be (1..12)
            $job.State | Should -Be 'Completed'
        }
        finally {
            Resume-SshHost $node1
            Remove-Job $job -Force
        }
    }
}
