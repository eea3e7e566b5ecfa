#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5.0' }

# The package as users get it: from a repository, by version, beside another version that is at work.

BeforeDiscovery {
    $lacking = if ($IsWindows) { 'a way to give a user of Windows another folder of modules' }
    elseif (-not (Get-Command dotnet -CommandType Application -ErrorAction Ignore)) { '.NET SDK' }
    elseif (-not (Get-Module -ListAvailable Microsoft.PowerShell.PSResourceGet)) { 'Microsoft.PowerShell.PSResourceGet' }
}

Describe 'The package' {
    if ($lacking) {
        It 'is tried where there is what that takes' -TestCases @{ Lacking = $lacking } {
            Set-ItResult -Skipped -Because "there is no $Lacking"
        }

        return
    }

    Context 'in a repository' {
        BeforeAll {
            Import-Module (Join-Path $PSScriptRoot 'Common.psm1') -Force
            $feed = (New-Item -ItemType Directory (Join-Path $TestDrive 'feed')).FullName
            $user = (New-Item -ItemType Directory (Join-Path $TestDrive 'user')).FullName
            $latest = (Import-PowerShellDataFile (Get-BuiltManifest)).ModuleVersion
            $archive, $package = Invoke-Pwsh -NoProfile -File (Join-Path $PSScriptRoot '..' '..' 'build.ps1') -Task Package -NoBuild
            Remove-Item -LiteralPath $archive
            Move-Item -LiteralPath $package -Destination $feed

            # The same as another version, to the repository and the engine.
            function Add-Package([string] $Version) {
                $path = Join-Path $feed "Switchyard.$Version.nupkg"
                Copy-Item (Join-Path $feed "Switchyard.$latest.nupkg") $path
                $zip = [System.IO.Compression.ZipFile]::Open($path, 'Update')
                try {
                    foreach ($name in 'Switchyard.nuspec', 'Switchyard.psd1') {
                        $reader = [System.IO.StreamReader]::new($zip.GetEntry($name).Open())
                        try { $text = $reader.ReadToEnd() } finally { $reader.Dispose() }
                        $zip.GetEntry($name).Delete()
                        $writer = [System.IO.StreamWriter]::new($zip.CreateEntry($name).Open())
                        try { $writer.Write(($text -replace "(?<=<version>)[\d.]+|(?<=ModuleVersion\s*=\s*')[\d.]+", $Version)) } finally { $writer.Dispose() }
                    }
                }
                finally {
                    $zip.Dispose()
                }
            }

            # A user who has installed nothing: modules, repositories and what is remembered are in a folder of the test's.
            $redirected = @{ HOME = $user; XDG_DATA_HOME = '.local/share'; XDG_CONFIG_HOME = '.config'; XDG_CACHE_HOME = '.cache' }
            'XDG_DATA_HOME', 'XDG_CONFIG_HOME', 'XDG_CACHE_HOME' | ForEach-Object { $redirected[$_] = (New-Item -ItemType Directory (Join-Path $user $redirected[$_])).FullName }

            # Where macOS has what Linux has in XDG_DATA_HOME. A folder that is not there is none to .NET.
            $null = New-Item -ItemType Directory -Force (Join-Path $user 'Library' 'Application Support')
            $kept = @{ PSModulePath = $env:PSModulePath }
            $env:PSModulePath = $null
            foreach ($name in $redirected.Keys) {
                $kept[$name] = [Environment]::GetEnvironmentVariable($name)
                [Environment]::SetEnvironmentVariable($name, $redirected[$name])
            }

            function Invoke-AsUser([scriptblock] $Script) {
                Invoke-Pwsh -NoProfile -NonInteractive -Command "`$ErrorActionPreference = 'Stop'; `$ProgressPreference = 'SilentlyContinue'; & { $Script } '$feed'" 2>&1 | ForEach-Object { "$_" }
            }

            Add-Package '0.0.1'
        }

        AfterAll {
            $kept.Keys | ForEach-Object { [Environment]::SetEnvironmentVariable($_, $kept[$_]) }
        }

        It 'is installed by version, found by a command''s name, and has its help' {
            Invoke-AsUser {
                Register-PSResourceRepository -Name Feed -Uri $args[0] -Trusted
                (Find-PSResource Switchyard -Repository Feed -Version '*').Version | Sort-Object | ForEach-Object { "$_" }
                Install-PSResource Switchyard -Repository Feed -Version 0.0.1
            } | Should -Be '0.0.1', $latest

            Invoke-AsUser {
                1..3 | Invoke-ThreadedBatch { $_ * 2 } -KeepOrder
                "$((Get-Module Switchyard).Version)"
                (Get-Help Invoke-Batch).Synopsis.Length -gt 20
                (Get-Help about_Switchyard | Out-String).Length -gt 2000
            } | Should -Be '2', '4', '6', '0.0.1', 'True', 'True'
        }

        It 'is updated beside a batch of the version before, which goes on and starts further workers of its own' {
            $go, $seen = 'go', 'seen' | ForEach-Object { Join-Path $TestDrive $_ }
            $script = Join-Path $TestDrive 'running.ps1'
            Set-Content -LiteralPath $script @"
1..2 | Invoke-ProcessBatch -FreshProcess -ThrottleLimit 1 {
    Add-Content -LiteralPath '$seen' "at `$_"
    while (-not (Test-Path -LiteralPath '$go')) { Start-Sleep -Milliseconds 20 }
}
Add-Content -LiteralPath '$seen' (Get-Module Switchyard).Version
"@
            $running = Start-Pwsh '-NoProfile', '-File', "`"$script`""
            try {
                Wait-Until { Test-Path -LiteralPath $seen } '00:01:00' | Should -BeTrue
                Invoke-AsUser {
                    Update-PSResource Switchyard -Repository Feed
                    (Get-Module -ListAvailable Switchyard).Version | Sort-Object | ForEach-Object { "$_" }
                } | Should -Be '0.0.1', $latest
                Invoke-AsUser { 1 | Invoke-ProcessBatch { $_ }; "$((Get-Module Switchyard).Version)" } | Should -Be '1', $latest
                Set-Content -LiteralPath $go ''
                $running.WaitForExit(60000) | Should -BeTrue
                Get-Content -LiteralPath $seen | Should -Be 'at 1', 'at 2', '0.0.1'
            }
            finally {
                $running | Where-Object { -not $_.HasExited } | Stop-Process
                $running.Dispose()
            }
        }

        It 'is uninstalled by version, and leaves nothing' {
            Invoke-AsUser {
                Uninstall-PSResource Switchyard -Version 0.0.1
                (Get-Module -ListAvailable Switchyard).Version | ForEach-Object { "$_" }
                Uninstall-PSResource Switchyard
                @(Get-Module -ListAvailable Switchyard).Count
                Get-Command Invoke-Batch -ErrorAction Ignore
            } | Should -Be $latest, '0'
            Get-ChildItem -LiteralPath $user -Recurse -File -Filter 'Switchyard*' | Should -BeNullOrEmpty
        }
    }
}
