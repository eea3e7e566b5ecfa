#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5.0' }

# Machines that a script block lists, again and again while the batch runs: two servers of the tests' own, which see the same files as this machine.

BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot 'SshHosts.psm1') -Force
    $obstacle = Get-SshObstacle
    if ($obstacle) {
        Write-Warning $obstacle
    }
}

Describe 'Hosts that a script block lists' -Skip:([bool]$obstacle) {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Common.psm1') -Force
        Import-Module (Join-Path $PSScriptRoot 'SshHosts.psm1') -Force
        Import-BuiltModule
        $pathBefore, $cacheBefore = $env:PATH, $env:XDG_CACHE_HOME
        $nodes = @(Start-SshHost -Count 2)
        $env:PATH = "$($nodes[0].ClientPath):$env:PATH"
        $env:XDG_CACHE_HOME = "$TestDrive/cache"
    }

    AfterAll {
        $env:PATH, $env:XDG_CACHE_HOME = $pathBefore, $cacheBefore
        Stop-SshHost $nodes
    }

    BeforeEach {
        $before = Get-Footprint
        $list = "$TestDrive/$(New-Guid)"
    }

    AfterEach {
        Assert-NoLeak $before
        Wait-Until { -not ($nodes | ForEach-Object { Get-SshHostProcess $_ }) } | Should -BeTrue -Because 'nothing is left on any host'
    }

    It 'come while the batch runs' {
        Set-Content $list 'node1'
        $results = 1..40 | Invoke-ProcessBatch -HostName { Get-Content $using:list } -WorkersPerHost 1 -AsResult {
            if ($env:SWITCHYARD_TEST_HOST -like '*-node1') {
                if (-not (Test-Path "$using:list.second")) { Set-Content $using:list 'node1', 'node2' }
                while (-not (Test-Path "$using:list.second")) { Start-Sleep -Milliseconds 20 }
            }
            else {
                Set-Content "$using:list.second" ''
            }
        }
        $results.Status | Should -Be (@('Succeeded') * 40)
        $results.HostName | Sort-Object -Unique | Should -Be 'node1', 'node2'
    }

    It 'go while the batch runs, after their item' {
        Set-Content $list 'node1', 'node2'
        $results = 1..200 | Invoke-ProcessBatch -HostName { Add-Content "$using:list.asked" ''; Get-Content $using:list } -WorkersPerHost 1 -AsResult {
            if ($env:SWITCHYARD_TEST_HOST -like '*-node1') {
                while (-not (Test-Path "$using:list.pid")) { Start-Sleep -Milliseconds 20 }
                while (Get-Process -Id (Get-Content "$using:list.pid") -ErrorAction Ignore) { Start-Sleep -Milliseconds 20 }
            }
            else {
                # It is to go when the list was read twice without it: what the first answer has changed is done by then.
                $asked = @(Get-Content "$using:list.asked").Count
                Set-Content $using:list 'node1'
                while (@(Get-Content "$using:list.asked").Count -lt $asked + 2) { Start-Sleep -Milliseconds 20 }
                Set-Content "$using:list.new" $PID
                Move-Item "$using:list.new" "$using:list.pid" -Force
            }
        }
        $results.Status | Should -Be (@('Succeeded') * 200)
        $results.HostName | Sort-Object -Unique | Should -Be 'node1', 'node2'
    }

    It 'may be none at first, which is said once' {
        Set-Content $list ''
        $asked = "$list.asked"
        $output = 1, 2 | Invoke-ProcessBatch { $_ } -WarningVariable warnings -WarningAction SilentlyContinue -HostName {
            if (Test-Path $using:asked) { 'node2' }
            Set-Content $using:asked ''
        }
        $output | Sort-Object | Should -Be 1, 2
        $warnings | Should -HaveCount 1
        "$warnings" | Should -BeLike '*names no machine now*'
    }

    It 'are made of functions of the caller, and objects' {
        function Get-Inventory($Name) { [pscustomobject]@{ HostName = $Name; Workers = 1 } }
        $result = 1 | Invoke-ProcessBatch { $_ } -HostName { Get-Inventory node2 } -AsResult
        $result.HostName | Should -Be 'node2'
    }

    It 'run programs, and jobs' {
        'a' | Invoke-ProcessBatch -FilePath echo -ArgumentList '{}' -HostName { 'node1' } | Should -Be 'a'
        $job = 1 | Invoke-ProcessBatch { $_ } -HostName { 'node1' } -AsJob
        $job | Wait-Job | Receive-Job -Wait -AutoRemoveJob | Should -Be 1
    }

    It 'end the batch with the reason where the first answer is none: <why>' -ForEach @(
        @{ why = 'it throws'; block = { throw 'no inventory' }; id = 'Switchyard.HostListFailed'; text = '*no inventory*' }
        @{ why = 'it only writes errors'; block = { Get-Content /nowhere/hosts }; id = 'Switchyard.HostListFailed'; text = '*/nowhere/hosts*' }
        @{ why = 'it names no host'; block = { '-oProxyCommand=x' }; id = 'Switchyard.HostNameNotAllowed'; text = '*-oProxyCommand=x*' }
    ) {
        { 1 | Invoke-ProcessBatch { $_ } -HostName $block } | Should -Throw $text -ErrorId "$id,Switchyard.Commands.InvokeProcessBatchCommand"
    }

    It 'stay as they are while it cannot answer, which is said' {
        Set-Content $list 'node1'
        $output = 1 | Invoke-ProcessBatch -WarningVariable warnings -WarningAction SilentlyContinue -HostName {
            if (-not (Test-Path $using:list)) { Set-Content "$using:list.failed" ''; throw 'gone' }
            Get-Content $using:list
        } {
            Remove-Item $using:list
            while (-not (Test-Path "$using:list.failed")) { Start-Sleep -Milliseconds 20 }

            # It fails again, which is said no more.
            Remove-Item "$using:list.failed"
            while (-not (Test-Path "$using:list.failed")) { Start-Sleep -Milliseconds 20 }
            $_
        }
        $output | Should -Be 1
        $warnings | Should -HaveCount 1
        "$warnings" | Should -BeLike '*does not say which machines there are: gone*'
    }

    It 'are not asked for where nothing runs' {
        1 | Invoke-ProcessBatch { $_ } -HostName { Set-Content $using:list '' ; 'node1' } -WhatIf
        Test-Path $list | Should -BeFalse
    }

    It 'stand alone' {
        { 1 | Invoke-ProcessBatch { $_ } -HostName node1, { 'node2' } } | Should -Throw -ErrorId 'Switchyard.HostListNotAlone,*'
    }
}
