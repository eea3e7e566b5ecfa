#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5.0' }

# Script blocks on other machines by SSH: two servers of the tests' own. They see the same files as this machine, which is how a body and its test tell each
# other what has happened.

BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot 'SshHosts.psm1') -Force
    $obstacle = Get-SshObstacle
    if ($obstacle) {
        Write-Warning $obstacle
    }
}

Describe 'Script blocks on hosts reached by SSH' -Skip:([bool]$obstacle) {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Common.psm1') -Force
        Import-Module (Join-Path $PSScriptRoot 'SshHosts.psm1') -Force
        Import-BuiltModule
        $pathBefore, $cacheBefore = $env:PATH, $env:XDG_CACHE_HOME
        $node1, $node2 = $nodes = @(Start-SshHost -Count 2)
        $env:PATH = "$($node1.ClientPath):$env:PATH"
        $env:XDG_CACHE_HOME = "$TestDrive/cache"
        $far = @{ HostName = 'node1', 'node2'; WorkersPerHost = 1 }

        # As one whose ssh knows nothing of them.
        $bare = @{ UserName = $node1.UserName; KeyFilePath = $node1.KeyFilePath; Options = $node1.Options; WorkersPerHost = 1 }
        $refused = '127.0.0.1:1'
    }

    AfterAll {
        $env:PATH, $env:XDG_CACHE_HOME = $pathBefore, $cacheBefore
        Stop-SshHost $nodes
    }

    BeforeEach {
        $before = Get-Footprint
        $place = (New-Item -ItemType Directory "$TestDrive/$(New-Guid)").FullName
    }

    AfterEach {
        Assert-NoLeak $before
        Wait-Until { -not ($nodes | ForEach-Object { Get-SshHostProcess $_ }) } | Should -BeTrue -Because 'nothing is left on any host'
    }

    It 'run on all of them at once, and results say where' {
        $results = 1, 2 | Invoke-ProcessBatch @far -AsResult {
            Set-Content "$using:place/$_" ''
            while (-not (Test-Path "$using:place/$(3 - $_)")) { Start-Sleep -Milliseconds 5 }
            $env:SWITCHYARD_TEST_HOST
        }
        $results.Status | Should -Be 'Succeeded', 'Succeeded'
        $results.HostName | Sort-Object | Should -Be 'node1', 'node2'
        $results | ForEach-Object { $_.Output | Should -BeLike "*-$($_.HostName)" }
    }

    It 'write output as it comes, or with -KeepOrder in the order of the input' {
        $body = {
            if ($_ -eq 6) { Set-Content "$using:place/last" '' }
            if ($_ -eq 1) { while (-not (Test-Path "$using:place/last")) { Start-Sleep -Milliseconds 5 } }
            $_
        }
        1..6 | Invoke-ProcessBatch @far $body -KeepOrder | Should -Be (1..6)
        Remove-Item "$place/last"
        $loose = @(1..6 | Invoke-ProcessBatch @far $body)
        $loose | Sort-Object | Should -Be (1..6)
        $loose[0] | Should -Not -Be 1
    }

    It 'hand streams and errors on as at home' {
        $out = 1 | Invoke-ProcessBatch @far { Write-Warning "w$_"; Write-Error "e$_"; [pscustomobject]@{ A = [uint16]$_ } } -WarningVariable warned -ErrorVariable failed -WarningAction SilentlyContinue -ErrorAction SilentlyContinue
        $out.A | Should -BeOfType ([uint16])
        "$warned" | Should -Be 'w1'
        "$failed" | Should -Be 'e1'
    }

    It 'tell what is wrong with the work as at home: <What>' -ForEach @(
        @{ What = 'an initialization that throws'; Given = @{ InitializationScript = { throw 'not ready' }; ScriptBlock = { $_ } } }
        @{ What = 'a program that is nowhere'; Given = @{ FilePath = 'no-such-program' } }
    ) {
        $here, $there = @{}, $far | ForEach-Object {
            try { $hosts = $_; 1 | Invoke-ProcessBatch @hosts @Given -WarningAction SilentlyContinue } catch { $_ }
        }
        $here.FullyQualifiedErrorId | Should -Match '^Switchyard\.(InitializationFailed|ExecutableNotFound)'
        $there.FullyQualifiedErrorId | Should -BeLike "$($here.FullyQualifiedErrorId -replace ',.*'),*"
        $there.TargetObject | Should -Be $here.TargetObject
        $there.CategoryInfo.Category | Should -Be $here.CategoryInfo.Category
    }

    It 'initialize a worker once, and take values from here' {
        $value = @{ A = 'ü', 2 }
        1..4 | Invoke-ProcessBatch @far -InitializationScript { Set-Content "$using:place/$PID" ''; $global:ready = 7 } { "$ready $(($using:value).A)" } | Select-Object -Unique | Should -Be '7 ü 2'
        (Get-ChildItem $place).Count | Should -BeIn 1, 2
    }

    It 'are reached by names and inventories of any form' {
        $name = "$($node2.UserName)@127.0.0.1:$($node2.Port)"
        $forms = @(
            @{ HostName = $name }
            @{ HostName = "ssh://$name" }
            @{ HostName = [pscustomobject]@{ hostname = '127.0.0.1'; port = "$($node2.Port)"; Site = 'x'; KeyFilePath = $node2.KeyFilePath } }
            @{ HostName = @{ HostName = '127.0.0.1'; Port = $node2.Port; UserName = $node2.UserName; Workers = 1 } }
            @{ HostName = '127.0.0.1'; Port = $node2.Port }
            @{ HostName = [ipaddress]'127.0.0.1'; Port = $node2.Port }
        )
        foreach ($form in $forms) {
            1 | Invoke-ProcessBatch @bare @form { $env:SWITCHYARD_TEST_HOST } | Should -BeLike '*-node2' -Because (ConvertTo-Json $form -Compress)
        }
    }

    It 'take the number of workers from an inventory' {
        # Three items that wait for each other need three workers.
        $inventory = @{ HostName = 'node1'; Workers = 2 }, [pscustomobject]@{ HostName = 'node2'; Workers = 1 }
        $results = 1..3 | Invoke-ProcessBatch -HostName $inventory -AsResult {
            Set-Content "$using:place/$_" ''
            while ((Get-ChildItem $using:place).Count -lt 3) { Start-Sleep -Milliseconds 5 }
        }
        $results.HostName | Sort-Object | Should -Be 'node1', 'node1', 'node2'
    }

    It 'can be beside workers of here' {
        $results = 1, 2 | Invoke-ProcessBatch -HostName localhost, node1 -WorkersPerHost 1 -AsResult {
            Set-Content "$using:place/$_" ''
            while (-not (Test-Path "$using:place/$(3 - $_)")) { Start-Sleep -Milliseconds 5 }
            "$env:SWITCHYARD_TEST_HOST"
        } | Sort-Object HostName
        $results.HostName | Should -Be 'localhost', 'node1'
        $results[0].Output | Should -BeExactly ''
    }

    It 'are refused where <Text> is no name of one' -ForEach @(
        'a b', '-oProxyCommand=x', 'x@', '@x', 'x:0', 'x:65536', 'x:', '[::1', '[::1]22', 5, @{ Name = 'x' }, @{ HostName = 'x'; Port = 'y' }, @{ HostName = 'x'; Workers = 0 }, [pscustomobject]@{ Host = 'x' } |
            ForEach-Object { @{ Name = $_; Text = ConvertTo-Json $_ -Compress } }
    ) {
        { 1 | Invoke-ProcessBatch { $_ } -HostName 'node1', $Name } | Should -Throw -ErrorId 'Switchyard.HostNameNotAllowed,*'
    }

    It 'are what -<Parameter> needs' -ForEach @(
        @{ Parameter = 'UserName'; Value = 'x' }
        @{ Parameter = 'KeyFilePath'; Value = 'x' }
        @{ Parameter = 'Port'; Value = 22 }
        @{ Parameter = 'Options'; Value = @{} }
        @{ Parameter = 'WorkersPerHost'; Value = 2 }
    ) {
        $given = @{ $Parameter = $Value }
        $failure = { 1 | Invoke-ProcessBatch { $_ } @given } | Should -Throw -ErrorId 'Switchyard.ParameterNeedsAnother,*' -PassThru
        $failure.Exception.Message | Should -BeLike "*$Parameter*HostName*"
    }

    It 'are one way, and a launch command another' {
        { 1 | Invoke-ProcessBatch { $_ } -HostName node1 -LaunchCommand env } | Should -Throw -ErrorId 'Switchyard.ParametersExcludeEachOther,*'
    }

    It 'are done without, with one warning each, where they do not exist' {
        $all = $bare + @{ HostName = $refused, '127.0.0.1:2', "127.0.0.1:$($node1.Port)" }
        $job = 1..6 | Invoke-ProcessBatch @all -AsJob { while (-not (Test-Path "$using:place/go")) { Start-Sleep -Milliseconds 5 }; $_ } -KeepOrder
        try {
            Wait-Until -Timeout '00:00:30' { $job.Warning.Count -ge 2 } | Should -BeTrue
            Set-Content "$place/go" ''
            $null = Wait-Job $job
            Receive-Job $job -WarningVariable warnings -WarningAction SilentlyContinue | Should -Be (1..6)
            $warnings | Sort-Object | ForEach-Object { "$_" } | Should -BeLike 'The batch goes on without 127.0.0.1:[12] for now*refused*'
            $warnings | Should -HaveCount 2
        }
        finally {
            Set-Content "$place/go" ''
            Remove-Job $job -Force
        }
    }

    It 'end the batch where none exists' {
        $all = $bare + @{ HostName = $refused, '127.0.0.1:2' }
        $failure = { 1..3 | Invoke-ProcessBatch @all { $_ } -WarningAction SilentlyContinue } | Should -Throw -ErrorId 'Switchyard.NoHostUsable,*' -PassThru
        $failure.Exception.Message | Should -BeLike '*127.0.0.1:*refused*'
    }

    Context 'with a host that is not as it should be' {
        BeforeAll { Copy-Item "$($node2.BinPath)/pwsh" "$TestDrive/pwsh" }

        AfterEach {
            Copy-Item -Force "$TestDrive/pwsh" "$($node2.BinPath)/pwsh"
            Remove-Item -Force "$($node2.HomePath)/.bashrc" -ErrorAction Ignore
        }

        It 'say that there is no PowerShell' -Skip:(Test-Path /usr/bin/pwsh, /usr/local/bin/pwsh -PathType Leaf | Where-Object { $_ } | Select-Object -First 1) {
            Remove-Item "$($node2.BinPath)/pwsh"
            $failure = { 1 | Invoke-ProcessBatch -HostName node2 { $_ } } | Should -Throw -ErrorId 'Switchyard.HostNotUsable,*' -PassThru
            $failure.Exception.Message | Should -BeLike "No worker can be had on node2: 'pwsh' was not found there.*"
        }

        It 'say that PowerShell is too old' {
            # To it, as the version that is needed is one that there is not yet.
            Set-Content "$($node2.BinPath)/pwsh" (@'
#!/bin/sh
for last; do :; done
changed=$(printf %s "$last" | base64 -d | iconv -f UTF-16LE -t UTF-8 | sed "s/'7\.4'/'99.0'/" | iconv -f UTF-8 -t UTF-16LE | base64 -w0)
exec SHELL -NoProfile -NonInteractive -EncodedCommand "$changed"
'@ -replace 'SHELL', "$TestDrive/pwsh")
            $failure = { 1 | Invoke-ProcessBatch -HostName node2 { $_ } } | Should -Throw -ErrorId 'Switchyard.HostNotUsable,*' -PassThru
            $failure.Exception.Message | Should -BeLike "No worker can be had on node2: *PowerShell $($PSVersionTable.PSVersion) in * is too old: 7.4 or later is needed*"
        }

        It 'work although what a shell reads at its start writes' {
            Set-Content "$($node2.HomePath)/.bashrc" "echo 'Welcome!'; printf 'no line end'; echo 'on the other stream' >&2"
            1..3 | Invoke-ProcessBatch -HostName node2 -WorkersPerHost 1 { "$_ $env:SWITCHYARD_TEST_HOST" } -KeepOrder | ForEach-Object { $_ -replace ' .*-', ' ' } | Should -Be '1 node2', '2 node2', '3 node2'
        }

        It 'work behind a command that writes before the first byte' {
            1..3 | Invoke-ProcessBatch -LaunchCommand 'sh', '-c', 'echo Welcome; printf "Last login: never"; exec "$@"', 'sh' -PowerShellPath (Get-Pwsh).Path -WorkersPerHost 1 { $_ } -KeepOrder |
                Should -Be 1, 2, 3
        }
    }

    It 'go on with a journal where a batch on them has ended' {
        $body = { if ($_ -eq 3 -and -not (Test-Path "$using:place/mended")) { throw 'not yet' }; $_ }
        1..4 | Invoke-ProcessBatch @far $body -JournalPath "$place/journal" -ErrorAction SilentlyContinue | Sort-Object | Should -Be 1, 2, 4
        Set-Content "$place/mended" ''
        1..4 | Invoke-ProcessBatch @far $body -JournalPath "$place/journal" -Resume | Should -Be 3
    }

    It 'try an item that ends its worker again, and go on with the others: <How>' -ForEach @(
        @{ How = 'exit'; Retries = 1; Body = { if ($_ -eq 3) { Add-Content "$using:place/tries" x; [Environment]::Exit(7) }; $_ } }
        @{ How = 'signal'; Retries = 0; Body = { if ($_ -eq 3) { Add-Content "$using:place/tries" x; & /bin/kill -9 $PID; Start-Sleep 60 }; $_ } }
    ) {
        $results = 1..6 | Invoke-ProcessBatch @far $Body -CrashRetryCount $Retries -AsResult -KeepOrder -WarningAction SilentlyContinue
        $results.Status | Should -Be 'Succeeded', 'Succeeded', 'Crashed', 'Succeeded', 'Succeeded', 'Succeeded'
        $results.Output | Should -Be 1, 2, 4, 5, 6

        # A loss that may be the machine's costs it no retry, three times at most.
        $tries = @(Get-Content "$place/tries").Count
        $results[2].Attempts | Should -Be $tries
        $tries | Should -BeGreaterThan $Retries
        $tries | Should -BeLessOrEqual ($Retries + 4)
        if ($How -eq 'exit') {
            $results[2].ExitCode | Should -Be 7
        }
    }

    It 'run nothing any more when the batch is stopped' {
        $shell = New-Shell
        try {
            $null = $shell.AddScript({
                param($place)
                1..2 | Invoke-ProcessBatch -HostName node1, node2 -WorkersPerHost 1 { Set-Content "$using:place/$_" ''; & sleep 7721 }
            }).AddArgument($place)
            $run = $shell.BeginInvoke()
            Wait-Until -Timeout '00:00:30' { (Get-ChildItem $place).Count -eq 2 } | Should -BeTrue
            $shell.Stop()
            $nodes | ForEach-Object { Wait-Until { -not (Get-SshHostProcess $_) } | Should -BeTrue }
        }
        finally {
            $shell.Dispose()
        }
    }

    It 'take over from one that dies, each item once, with one warning' {
        try {
            $job = 1..12 | Invoke-ProcessBatch @far -AsJob {
                if ($env:SWITCHYARD_TEST_HOST -like '*-node1') {
                    Set-Content "$using:place/running" ''
                    Start-Sleep 600
                }
                while (-not (Test-Path "$using:place/dead")) { Start-Sleep -Milliseconds 5 }
                $_
            }
            Wait-Until -Timeout '00:00:30' { Test-Path "$place/running" } | Should -BeTrue
            Disable-SshHost $node1
            Set-Content "$place/dead" ''
            $null = Wait-Job $job
            Receive-Job $job -WarningVariable warnings -WarningAction SilentlyContinue | Sort-Object | Should -Be (1..12)
            $job.State | Should -Be 'Completed'
            $warnings | Should -HaveCount 1
            "$warnings" | Should -BeLike 'The batch goes on without node1 for now*'
        }
        finally {
            Enable-SshHost $node1
            Remove-Job $job -Force
        }
    }
}
