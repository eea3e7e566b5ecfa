#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5.0' }

BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot 'SshHosts.psm1') -Force
    $obstacle = Get-SshObstacle
    if ($obstacle) {
        Write-Warning $obstacle
    }
}

# What is said of machines that cannot be used. Launch commands stand in for whatever a machine may do.
Describe 'What is said of other machines' -Skip:$IsWindows {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Common.psm1') -Force
        Import-BuiltModule
        function New-Launcher([string] $Name, [string] $Script) {
            Set-Content "$TestDrive/$Name" "#!/bin/sh`n$Script"
            chmod 755 "$TestDrive/$Name"
        }

        # What was said, in the order in which it was: warnings and the error that ended the batch. Nothing past PowerShell.
        function Get-Said([hashtable] $With) {
            try {
                1 | Invoke-ProcessBatch @With { 'ran' } -NoReuse -WarningVariable warned -WarningAction SilentlyContinue -ErrorAction Stop
            }
            catch {
                @($warned | ForEach-Object { "$_" }) + ($_.FullyQualifiedErrorId -replace ',.*') + "$_"
            }
        }

        $shell = (Get-Pwsh).Path
    }

    It 'needs what makes a parameter mean something: <Name>' -ForEach @(
        @{ Name = '-CallbackPort'; With = @{ CallbackPort = 5000 }; Message = '*-Slurm or -JobTemplate*' }
        @{ Name = '-CallbackInterface'; With = @{ CallbackInterface = 'lo' }; Message = '*-Slurm or -JobTemplate*' }
        @{ Name = '-WorkersPerHost'; With = @{ WorkersPerHost = 1 }; Message = '*-HostName or -LaunchCommand.*' }
        @{ Name = '-SendFile'; With = @{ SendFile = 'x' }; Message = '*-HostName, -LaunchCommand, -Slurm or -JobTemplate*' }
        @{ Name = '-UserName'; With = @{ UserName = 'x' }; Message = '*without -HostName.*' }
    ) {
        { 1 | Invoke-ProcessBatch @With { 1 } } | Should -Throw -ErrorId 'Switchyard.ParameterNeedsAnother,*' -ExpectedMessage $Message
    }

    It 'refuses -<_> for localhost alone, which is reached without SSH' -ForEach 'UserName', 'Port', 'KeyFilePath', 'Options' {
        $with = @{ UserName = 'x'; Port = 22; KeyFilePath = 'x'; Options = @{ A = 'b' } }
        $one = @{ $_ = $with[$_] }
        { 1 | Invoke-ProcessBatch -HostName localhost, LOCALHOST @one { 1 } } | Should -Throw -ErrorId 'Switchyard.LocalhostWithoutSsh,*'
    }

    It 'says what is wrong with -CallbackInterface beside -JobTemplate' {
        Set-Content "$TestDrive/job.sh" "# switchyard-submit: true {{File}}`n# switchyard-cancel: true {{Id}}`nSWITCHYARD_CONNECTION={{Connection}} {{Command}}"
        { 1 | Invoke-ProcessBatch -JobTemplate "$TestDrive/job.sh" -CallbackInterface nosuch { 1 } } | Should -Throw -ErrorId 'Switchyard.CallbackNotPossible,*'
    }

    It 'says in one error what is missing: <Name>' -ForEach @(
        @{ Name = 'no pwsh'; Script = 'echo "sh: pwsh: not found" >&2; exit 127'; Message = "No worker can be had on *'pwsh' was not found there*-PowerShellPath*said last: sh: pwsh: not found" }
        @{ Name = 'not to be run'; Script = 'exit 126'; Message = '*cannot be run there*-PowerShellPath names another.' }
        @{ Name = 'a refusal of its own'; Script = 'echo "PowerShell 7.2 is too old" >&2; exit 120'; Message = 'No worker can be had on *: PowerShell 7.2 is too old' }
        @{ Name = 'a shell that refuses the user'; Script = 'echo "This account is not available."; exit 1'; Message = "*was not started there*exit code 1*said last: This account is not available." }
        @{ Name = 'a forced command'; Script = 'echo; echo backups only; exit 0'; Message = '*exit code 0*said last: backups only' }
        @{ Name = 'a login that is refused'; Script = 'echo "u@h: Permission denied (publickey)." >&2; exit 255'; Message = '*-KeyFilePath*said last: u@h: Permission denied (publickey).' }
        @{ Name = 'another key'; Script = 'echo "@@@@" >&2; echo "@ CHANGED @" >&2; echo "Host key verification failed." >&2; exit 255'; Message = '*compare it. It said last: Host key verification failed.' }
        @{ Name = 'no such name'; Script = 'echo "ssh: Could not resolve hostname x: no" >&2; exit 255'; Message = '*no machine of this name*' }
        @{ Name = 'no connection'; Script = 'echo "refused" >&2; exit 255'; Message = '*connection failed*said last: refused' }
    ) {
        New-Launcher far $Script
        $said = @(Get-Said @{ LaunchCommand = "$TestDrive/far" })
        $said | Should -HaveCount 2
        $said[0] | Should -Be 'Switchyard.HostNotUsable'
        $said[1] | Should -BeLike $Message
        $said[1] | Should -Not -Match "`n"
    }

    It 'writes nothing of it past the error' {
        New-Launcher far 'echo "the reason" >&2; sleep 0.5; exit 120'
        $script = "Import-Module '$((Get-Module Switchyard).Path)'; try { 1 | Invoke-ProcessBatch -LaunchCommand '$TestDrive/far' { 1 } } catch { 'caught' }"
        Invoke-Pwsh -NoProfile -Command $script *>&1 | ForEach-Object { "$_" } | Should -Be 'caught'
    }

    It 'is said once of a folder there that cannot be used, and others take over: <Name>' -ForEach @(
        @{ Name = 'not to be made'; Folder = '/proc/none'; With = @{ SendFile = 'x' } }
        @{ Name = 'not to be written to'; Folder = '/proc/self'; With = @{ SendFile = { 'x' } } }
        @{ Name = 'not there'; Folder = '/none/none'; With = @{} }
    ) {
        Push-Location $TestDrive
        try {
            Set-Content x x
            $arguments = @{ LaunchCommand = 'env'; PowerShellPath = $shell; WorkersPerHost = 1; WorkingDirectory = $Folder } + $With
            $said = @(Get-Said $arguments)
            $said | Should -HaveCount 2
            $said[1] | Should -BeLike "worker on env: *'$Folder*"
        }
        finally {
            Pop-Location
        }
    }

    It 'uses a folder of temporary files where the cache folder is not to be had' {
        $null = New-Item -ItemType Directory "$TestDrive/home/.cache" -Force
        Set-Content "$TestDrive/home/.cache/switchyard" 'in the way'
        New-Launcher far "unset XDG_CACHE_HOME; export HOME='$TestDrive/home' TMPDIR='$TestDrive/tmp'; mkdir -p `"`$TMPDIR`"; exec `"`$@`""
        Get-Said @{ LaunchCommand = "$TestDrive/far"; PowerShellPath = $shell; WorkersPerHost = 1 } | Should -Be 'ran'
        $own = Get-Item "$TestDrive/tmp/switchyard-$([Environment]::UserName)"
        $own.UnixMode | Should -Be 'drwx------'

        # Who could write there could have this user run anything.
        chmod 777 $own.FullName
        $said = @(Get-Said @{ LaunchCommand = "$TestDrive/far"; PowerShellPath = $shell; WorkersPerHost = 1 })
        $said[-1] | Should -BeLike '*not only of this user*XDG_CACHE_HOME*'
    }

    It 'counts a host once, however its user and port are said' {
        New-Item -ItemType Directory "$TestDrive/bin" -Force | Out-Null
        New-Launcher bin/ssh "echo `"`$@`" >> '$TestDrive/calls'; echo refused >&2; exit 255"
        $before = $env:PATH
        $env:PATH = "$TestDrive/bin:$before"
        try {
            $said = @(Get-Said @{ HostName = 'node1', 'user@node1', 'NODE1:22', 'user@node1:22'; UserName = 'user'; Port = 22; WorkersPerHost = 1 })
            $said[0] | Should -Be 'Switchyard.HostNotUsable'

            # As a word of a POSIX shell, cmd.exe and PowerShell alike, and no longer than Windows takes it.
            $command = (Get-Content "$TestDrive/calls")[0] -replace '^.* -- node1 '
            $command | Should -Match '^pwsh( [A-Za-z0-9+/=-]+)+$'
            $command.Length | Should -BeLessThan 8000
        }
        finally {
            $env:PATH = $before
        }
    }

    It 'tells over SSH what a login script or the server does: <Name>' -Skip:([bool]$obstacle) -ForEach @(
        @{ Name = 'a script that ends'; Script = 'echo bye; exit 3'; Message = '*exit code 3*login script*said last: bye' }
        @{ Name = 'a script that prints'; Script = 'echo hello; echo err >&2'; Message = 'ran' }
    ) {
        $node = Start-SshHost -Count 1
        $before = $env:PATH
        $env:PATH = "$($node.ClientPath):$before"
        try {
            Set-Content "$($node.HomePath)/.bashrc" $Script
            $said = @(Get-Said @{ HostName = 'node1'; WorkersPerHost = 1 })
            $said[-1] | Should -BeLike $Message
        }
        finally {
            $env:PATH = $before
            Stop-SshHost $node
        }
    }
}
