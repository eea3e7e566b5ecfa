#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5.0' }

BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot 'SshHosts.psm1') -Force
    $obstacle = Get-SshObstacle
    if ($obstacle) {
        Write-Warning $obstacle
    }
}

# A worker behind a launch command on this machine that has another home, and is told of no modules of here.
Describe 'Modules sent to other machines' -Skip:$IsWindows {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Common.psm1') -Force
        Import-BuiltModule
        function New-Script([string] $Path, [string] $Content) {
            $null = New-Item -ItemType Directory -Force (Split-Path $Path)
            [System.IO.File]::WriteAllText($Path, $Content)
        }

        function Get-SentFolder { Get-ChildItem "$TestDrive/home/.cache/switchyard/modules/*/*" -Directory -Force }

        New-Script "$TestDrive/launch" "#!/bin/sh`nunset XDG_CACHE_HOME PSModulePath`nexport HOME='$TestDrive/home'`nexec `"`$@`"`n"
        chmod +x "$TestDrive/launch"
        $null = New-Item -ItemType Directory "$TestDrive/home"
        $far = @{ LaunchCommand = "$TestDrive/launch"; WorkersPerHost = 1; PowerShellPath = (Get-Pwsh).Path }
        $modules = "$TestDrive/modules"
        $odd = 'It''s [a] möd "x"'
        New-Script "$modules/Plain/Plain.psm1" 'function Get-Plain { "plain of $PSScriptRoot" }'
        New-Script "$modules/$odd/$odd.psm1" 'function Get-Odd { "odd of $PSScriptRoot" }'
        New-Script "$modules/Typed/Typed.psm1" 'class Typed { [string] Say() { return "typed" } } function Get-Typed { [Typed]::new().Say() }'
        foreach ($version in '1.0.0', '2.0.0') {
            New-Script "$modules/Ver/$version/Ver.psd1" "@{ ModuleVersion = '$version'; RootModule = 'Ver.psm1'; FunctionsToExport = 'Get-Ver' }"
            New-Script "$modules/Ver/$version/Ver.psm1" "function Get-Ver { '$version' }"
        }

        New-Script "$modules/Needy/Needy.psd1" "@{ ModuleVersion = '1.0'; RootModule = 'Needy.psm1'; RequiredModules = 'Plain', @{ ModuleName = 'Ver'; RequiredVersion = '1.0.0' }; NestedModules = 'Part.psm1', 'Typed' }"
        New-Script "$modules/Needy/Needy.psm1" 'function Get-Needy { "$(Get-Ver) $(Get-Part) $(Get-Typed) $(Get-Plain)" }'
        New-Script "$modules/Needy/Part.psm1" 'function Get-Part { "part" }'
        $pathBefore = $env:PSModulePath
        $env:PSModulePath = $modules + [System.IO.Path]::PathSeparator + $env:PSModulePath
    }

    AfterAll {
        $env:PSModulePath = $pathBefore
        Get-Module Plain, Typed, Ver, Needy, dynamic | Remove-Module
    }

    BeforeEach {
        Push-Location $modules
    }

    AfterEach {
        Pop-Location
    }

    It 'need not be sent if they are this one: its commands are there' {
        1..2 | Invoke-ProcessBatch { 1..2 | Switchyard\Invoke-ThreadedBatch { $_ * 2 } } -LaunchCommand env -PowerShellPath (Get-Pwsh).Path -WorkersPerHost 1 -ErrorAction Stop |
            Sort-Object | Should -Be 2, 2, 4, 4
    }

    It 'are imported by name, by their commands, and by a script for each worker' {
        $there = "*of $TestDrive/home/.cache/switchyard/modules/*/Plain"
        1 | Invoke-ProcessBatch @far -SendModule Plain { Import-Module Plain; Get-Plain } | Should -BeLike $there
        1 | Invoke-ProcessBatch @far -SendModule Plain { Get-Plain } | Should -BeLike $there
        1 | Invoke-ProcessBatch @far -SendModule Plain -InitializationScript { Import-Module plain -Prefix My } { Get-MyPlain } | Should -BeLike $there
    }

    It 'are found by what imports modules: <Name>' -ForEach @(
        @{ Name = '-ModuleName with a name'; With = @{ ModuleName = 'Plain' } }
        @{ Name = '-ModuleName with a path'; With = @{ ModuleName = './Plain/Plain.psm1' } }
        @{ Name = '-CloneSession'; With = @{ CloneSession = $true } }
    ) {
        Import-Module Plain
        $path = 1 | Invoke-ProcessBatch @far @With -SendModule Plain { (Get-Module Plain).Path } -WarningVariable warned -WarningAction SilentlyContinue
        $path | Should -BeLike "$TestDrive/home/*/Plain/Plain.psm1"
        $warned | Where-Object Message -Like '*Plain*' | Should -BeNullOrEmpty
    }

    It 'are found by using module, by name or by the path that they have here' {
        1 | Invoke-ProcessBatch @far -SendModule Typed ([scriptblock]::Create("using module Typed`n[Typed]::new().Say()")) | Should -Be 'typed'

        # Its path is gone while the body is read there.
        New-Script "$TestDrive/hide" "#!/bin/sh`nmv '$modules' '$modules.away'`nexec '$TestDrive/launch' `"`$@`"`n"
        chmod +x "$TestDrive/hide"
        New-Script "$TestDrive/script.ps1" "using module ./modules/Typed`n1 | Invoke-ProcessBatch @args -NoReuse { [Typed]::new().Say(); throw 'x' } -ErrorVariable failed -ErrorAction SilentlyContinue`n`$failed[0].InvocationInfo.OffsetInLine"
        $hiding = @{ LaunchCommand = "$TestDrive/hide"; WorkersPerHost = 1; PowerShellPath = (Get-Pwsh).Path; SendModule = "$modules/Typed" }
        try {
            & "$TestDrive/script.ps1" @hiding | Should -Be 'typed', 64
        }
        finally {
            Move-Item "$modules.away" $modules
        }
    }

    It 'are named in any way: <_>' -ForEach 'name', 'other case', 'folder', 'manifest', 'script', 'relative path', 'module', 'file', 'folder object', 'specification' {
        $value = switch ($_) {
            'name' { 'Ver' }
            'other case' { 'vER' }
            'folder' { "$modules/Ver/" }
            'manifest' { "$modules/Ver/2.0.0/Ver.psd1" }
            'script' { "$modules/Ver/2.0.0/Ver.psm1" }
            'relative path' { './Ver/2.0.0' }
            'module' { Get-Module Ver -ListAvailable | Select-Object -First 1 }
            'file' { Get-Item Ver/2.0.0/Ver.psd1 }
            'folder object' { Get-Item Ver }
            'specification' { @{ ModuleName = 'Ver'; ModuleVersion = '2.0' } }
        }
        1 | Invoke-ProcessBatch @far -SendModule $value { Get-Ver } | Should -Be '2.0.0'
    }

    It 'may have names with quotes, spaces, brackets and letters of all kinds' {
        foreach ($value in $odd, "./$odd", "$modules/$odd/$odd.psm1") {
            1 | Invoke-ProcessBatch @far -SendModule $value { Get-Odd } | Should -BeLike "*/modules/*/$([wildcardpattern]::Escape($odd))"
        }
    }

    It 'are sent as they are loaded here, and with what they need' {
        Import-Module ./Ver/1.0.0/Ver.psd1
        1 | Invoke-ProcessBatch @far -SendModule Ver, Plain { Get-Ver } | Should -Be '1.0.0'
        Remove-Module Ver
        1 | Invoke-ProcessBatch @far -SendModule Needy { Get-Needy } | Should -BeLike '1.0.0 part typed plain of *'
    }

    It 'are sent once, and again when they have changed' {
        New-Script "$modules/Once/Once.psm1" 'function Get-Once { Get-Content "$PSScriptRoot/data" }'
        New-Script "$modules/Once/data" 'first'
        1 | Invoke-ProcessBatch @far -SendModule Once { Get-Once } | Should -Be 'first'
        $kept = Get-SentFolder | Where-Object Name -EQ Once
        Set-Content "$($kept.FullName)/data" 'kept' -NoNewline
        $kept.Parent.LastWriteTimeUtc = [datetime]::UtcNow.AddDays(-40)
        1 | Invoke-ProcessBatch @far -SendModule Once { Get-Once } | Should -Be 'kept'
        (Get-Item $kept.Parent.FullName).LastWriteTimeUtc | Should -BeGreaterThan ([datetime]::UtcNow.AddDays(-1))

        # What was not used for a month goes when another comes.
        $kept.Parent.LastWriteTimeUtc = [datetime]::UtcNow.AddDays(-40)
        Set-Content "$modules/Once/data" 'second' -NoNewline
        1 | Invoke-ProcessBatch @far -SendModule Once { Get-Once } | Should -Be 'second'
        $kept.FullName | Should -Not -Exist
        Get-ChildItem "$TestDrive/home/.cache/switchyard/modules" -Force | Where-Object Name -NotMatch '^[0-9A-F]{32}$' | Should -BeNullOrEmpty
    }

    It 'reach a worker that an earlier batch has left, and are not seen by a later one' {
        $first = 1 | Invoke-ProcessBatch @far { $PID }
        1 | Invoke-ProcessBatch @far -SendModule Plain { $PID; [bool](Get-Command Get-Plain -ErrorAction Ignore) } | Should -Be $first, $true
        1 | Invoke-ProcessBatch @far { $PID; [bool](Get-Command Get-Plain -ErrorAction Ignore) } | Should -Be $first, $false
    }

    It 'come before those that are there, and before a PSModulePath of -Environment' {
        New-Script "$TestDrive/home/.local/share/powershell/Modules/Plain/Plain.psm1" 'function Get-Plain { "of there" }'
        1 | Invoke-ProcessBatch @far { Get-Plain } | Should -Be 'of there'
        1 | Invoke-ProcessBatch @far -SendModule Plain { Get-Plain } | Should -BeLike 'plain of *'
        1 | Invoke-ProcessBatch @far -SendModule Plain -Environment @{ PSModulePath = '/nowhere' } { Get-Plain; $env:PSModulePath } | Select-Object -Last 1 | Should -BeLike '*/.cache/*:/nowhere'
    }

    It 'are sent as they are: large files, links, rights, empty ones, without git''s history' {
        New-Script "$modules/Large/Large.psm1" 'function Get-Large { $PSScriptRoot }'
        New-Script "$modules/Large/.git/config" 'x'
        New-Script "$modules/Large/bin/tool" "#!/bin/sh`necho ran"
        chmod 755 "$modules/Large/bin/tool"
        New-Script "$modules/Large/empty" ''
        $bytes = [byte[]]::new(30MB)
        [Random]::new(1).NextBytes($bytes)
        [System.IO.File]::WriteAllBytes("$modules/Large/data.bin", $bytes)
        $null = New-Item -ItemType SymbolicLink "$modules/Large/file-link" -Target "$modules/Plain/Plain.psm1"
        $null = New-Item -ItemType SymbolicLink "$modules/Large/folder-link" -Target "$modules/Plain"
        foreach ($loop in "$modules/Large/bin/up", "$modules/Large/bin/far-up") { $null = New-Item -ItemType SymbolicLink $loop -Target (Split-Path (Split-Path (Split-Path $loop))) }
        ln -s nowhere "$modules/Large/dangling"
        ln -s itself "$modules/Large/itself"
        $result = try { 1 | Invoke-ProcessBatch @far -SendModule Large {
            $folder = Get-Large
            (Get-FileHash "$folder/data.bin").Hash
            & "$folder/bin/tool"
            Get-ChildItem $folder -Recurse -Force | ForEach-Object { $_.FullName.Substring($folder.Length + 1) }
        } }
        finally {
            # Pester follows links when it clears up.
            Get-Item "$modules/Large/bin/up", "$modules/Large/bin/far-up", "$modules/Large/itself" -ErrorAction Ignore | ForEach-Object { [System.IO.File]::Delete($_.FullName) }
            rm -f "$modules/Large/itself" "$modules/Large/dangling"
        }

        $result[0] | Should -Be (Get-FileHash "$modules/Large/data.bin").Hash
        $result[1] | Should -Be 'ran'
        $result | Select-Object -Skip 2 | Sort-Object | Should -Be ('bin', 'bin/tool', 'data.bin', 'empty', 'file-link', 'folder-link', 'folder-link/Plain.psm1', 'Large.psm1' | Sort-Object)
    }

    It 'are refused before any item, with one error: <Name>' -ForEach @(
        @{ Name = 'not there'; Value = 'NoSuchModule'; Id = 'SendModuleNotFound' }
        @{ Name = 'no path'; Value = './none/none.psd1'; Id = 'SendModuleNotFound' }
        @{ Name = 'a folder without a module'; Value = '.'; Id = 'SendModuleNotFound' }
        @{ Name = 'no file system'; Value = 'Env:/PATH'; Id = 'ModulePathNotFileSystem' }
        @{ Name = 'dynamic'; Value = 'dynamic'; Id = 'SendModuleWithoutFile' }
        @{ Name = 'among others'; Value = './loose.psm1'; Id = 'SendModuleAmongOthers' }
        @{ Name = 'with a part elsewhere'; Value = './Torn'; Id = 'SendModuleIncomplete' }
    ) {
        New-Module -Name dynamic { function Get-Dynamic { } } | Import-Module
        New-Script "$modules/loose.psm1" ''
        New-Script "$modules/Torn/Torn.psd1" "@{ ModuleVersion = '1.0'; NestedModules = '../Plain/Plain.psm1' }"
        { 1 | Invoke-ProcessBatch @far -SendModule $Value { Set-Content "$using:TestDrive/ran" '' } -ErrorAction Stop } | Should -Throw -ErrorId "Switchyard.$Id,*"
        "$TestDrive/ran" | Should -Not -Exist
    }

    It 'are nothing for this machine, nor for a program' {
        { 1 | Invoke-ProcessBatch -SendModule Plain { 1 } } | Should -Throw -ErrorId 'Switchyard.ParameterNeedsAnother,*' -ExpectedMessage '*-HostName, -LaunchCommand, -Slurm or -JobTemplate*'
        { 1 | Invoke-ProcessBatch @far -SendModule Plain -FilePath cat } | Should -Throw -ErrorId 'AmbiguousParameterSet,*'
    }

    It 'that cannot be kept are one error that says where and why' {
        $kept = "$TestDrive/home/.cache/switchyard/modules"
        1 | Invoke-ProcessBatch @far -SendModule Plain { 1 } | Should -Be 1

        # A file where its folder would be, as root may write anywhere.
        $hash = (Get-SentFolder | Where-Object Name -EQ Plain)[0].Parent.Name
        Remove-Item "$kept/$hash" -Recurse
        New-Script "$kept/$hash" 'x'
        try {
            { 1 | Invoke-ProcessBatch @far -SendModule Plain { 1 } -ErrorAction Stop -WarningAction SilentlyContinue } |
                Should -Throw -ErrorId 'Switchyard.ModuleNotReceived,*' -ExpectedMessage "worker on *: *'Plain'*$([Environment]::MachineName)*"
        }
        finally {
            Remove-Item "$kept/$hash"
        }
    }

    It 'go to each host, once' -Skip:([bool]$obstacle) {
        Import-Module (Join-Path $PSScriptRoot 'SshHosts.psm1') -Force
        $nodes = @(Start-SshHost -Count 2)
        $clientBefore, $cacheBefore = $env:PATH, $env:XDG_CACHE_HOME
        $env:PATH = "$($nodes[0].ClientPath):$env:PATH"
        try {
            $results = 1..4 | Invoke-ProcessBatch -HostName node1, node2 -WorkersPerHost 2 -SendModule Plain -AsResult -NoReuse {
                Set-Content "$using:TestDrive/at-$_" ''
                while ((Get-ChildItem "$using:TestDrive/at-*").Count -lt 4) { Start-Sleep -Milliseconds 5 }
                Get-Plain
            }
            $results.Status | Should -Be (@('Succeeded') * 4)
            foreach ($node in $nodes) {
                @($results | Where-Object HostName -EQ $node.Alias).Output | Select-Object -Unique | Should -BeLike "plain of $($node.HomePath)/.cache/*"
            }
        }
        finally {
            $env:PATH, $env:XDG_CACHE_HOME = $clientBefore, $cacheBefore
            Stop-SshHost $nodes
        }
    }
}
