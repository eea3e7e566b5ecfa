#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5.0' }

# Workers in containers that need no image: each sees this machine's files, and changes none of them.

BeforeDiscovery {
    # Limits of their own, as a podman that may not raise its own fails otherwise.
    $run = 'run', '-i', '--rm', '--network', 'none', '--ulimit', 'nofile=1024:1024', '--ulimit', 'nproc=1024:1024', '--rootfs', '/:O'
    $obstacle = if (-not $IsLinux -or -not (Get-Command podman -CommandType Application -ErrorAction Ignore)) {
        "The containers of the tests need 'podman' on Linux."
    }
    elseif ("$(& podman @run echo works 2>&1)" -ne 'works') {
        'The containers of the tests cannot be run here.'
    }

    if ($obstacle) {
        Write-Warning $obstacle
    }
}

Describe 'Workers in containers' -Skip:([bool]$obstacle) -ForEach @{ Run = $run } {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Common.psm1') -Force
        Import-BuiltModule
        $far = @{ LaunchCommand = @('podman') + $Run; PowerShellPath = (Get-Pwsh).Path; WorkersPerHost = 1 }
    }

    BeforeEach {
        $before = Get-Footprint
        $containers = @(& podman ps -aq).Count
    }

    AfterEach {
        Assert-NoLeak $before
        Wait-Until -Timeout '00:00:30' { @(& podman ps -aq).Count -le $containers } | Should -BeTrue -Because 'no container is left'
    }

    It 'run each item there, and leave nothing here' {
        $results = 1..6 | Invoke-ProcessBatch @far -AsResult -KeepOrder -NoReuse {
            Set-Content "$using:TestDrive/mark" ''
            "$_ $([Environment]::MachineName)"
        }
        $results.Status | Select-Object -Unique | Should -Be 'Succeeded'
        $results.Output | ForEach-Object { ($_ -split ' ')[0] } | Should -Be (1..6)
        $results.Output | ForEach-Object { ($_ -split ' ')[1] } | Should -Not -Be ([Environment]::MachineName)
        "$TestDrive/mark" | Should -Not -Exist
    }

    It 'run programs there' {
        'a b' | Invoke-ProcessBatch @far -FilePath sh -ArgumentList '-c', 'echo "$1 $(hostname)"', 'sh', '{}' | Should -Match '^a b [0-9a-f]{12}$'
    }
}
