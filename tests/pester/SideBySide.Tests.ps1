#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5.0' }

# The module beside others: what it loads must not be in their way, nor theirs in its.

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1') -Force
    $manifest = Get-BuiltManifest

    function Invoke-InNewShell([scriptblock] $Script) {
        Invoke-Pwsh -NoProfile -NonInteractive -Command "& { $Script } '$manifest'"
    }
}

Describe 'Beside other modules' {
    It 'loads its own assemblies when it is imported, and no more' {
        $loaded = Invoke-InNewShell {
            param($Manifest)
            $null = [System.Text.RegularExpressions.Regex], [System.Collections.Concurrent.ConcurrentDictionary[int, int]], (Get-Date | Out-String)
            $before = [System.AppDomain]::CurrentDomain.GetAssemblies().Location
            Import-Module $Manifest
            [System.AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { $_.Location -and $_.Location -notin $before } | ForEach-Object { $_.GetName().Name } |
                Where-Object { $_ -notlike 'System.*' -and $_ -notlike 'Microsoft.Win32.*' -and $_ -ne 'netstandard' }
        }
        $loaded | Sort-Object | Should -Be 'Switchyard', 'Switchyard.Core', "Switchyard.Loader.$((Import-PowerShellDataFile $manifest).ModuleVersion)"
    }

    It 'runs what was compiled for this system, if it <State>' -ForEach @{ State = 'is there' }, @{ State = 'is not there' }, @{ State = 'is damaged' } {
        $folder = Join-Path $TestDrive $State 'Switchyard'
        Copy-Item (Split-Path $manifest) $folder -Recurse
        $images = Join-Path $folder 'precompiled'
        switch ($State) {
            'is not there' { Remove-Item $images -Recurse }
            'is damaged' { Get-ChildItem $images -Recurse -File | ForEach-Object { [System.IO.File]::WriteAllBytes($_, [byte[]] (1..1000 | ForEach-Object { $_ % 251 })) } }
        }

        $where, $found = Invoke-Pwsh -NoProfile -NonInteractive -Command (
            "Import-Module '$folder'; [System.Environment]::Version.Major -ge 10 -and (Get-Command Invoke-Batch).ImplementingType.Assembly.Location -like '*precompiled*'" +
            '; 1..3 | Invoke-ThreadedBatch { $_ } -KeepOrder; 1 | Invoke-ProcessBatch { "from a process" }')
        $found | Should -Be 1, 2, 3, 'from a process'
        if ([System.Environment]::Version.Major -ge 10) {
            $where | Should -Be "$($State -eq 'is there')"
        }
    }

    It 'works where others have loaded other versions of its libraries, and leaves those alone' {
        if ([System.Environment]::Version.Major -lt 9) {
            Set-ItResult -Skipped -Because 'this .NET saves no assembly of a given name'
            return
        }

        $found = Invoke-InNewShell {
            param($Manifest)
            $folder = Join-Path ([System.IO.Path]::GetTempPath()) "switchyard-clash-$PID"
            $null = New-Item -ItemType Directory $folder
            try {
                foreach ($name in 'OxyPlot', 'Microsoft.Extensions.Logging.Abstractions', 'Microsoft.Diagnostics.NETCore.Client') {
                    $file = Join-Path $folder "$name.dll"
                    $other = [System.Reflection.Emit.PersistedAssemblyBuilder]::new([System.Reflection.AssemblyName]::new("$name, Version=99.0.0.0"), [object].Assembly)
                    $null = $other.DefineDynamicModule($name)
                    $other.Save($file)
                    $null = [System.Reflection.Assembly]::LoadFrom($file)
                }

                Import-Module $Manifest
                $null = 1..20 | Measure-Bottleneck { $_ } -ReportPath (Join-Path $folder 'report.html')
                Test-Path (Join-Path $folder 'report.html')
                (Measure-Bottleneck -Id $PID -DurationSeconds 0.5).Bottleneck -as [string] -ne ''
                [System.Runtime.Loader.AssemblyLoadContext]::Default.LoadFromAssemblyName('OxyPlot').GetName().Version.Major
            }
            finally {
                # Windows keeps files that are loaded.
                Remove-Item -LiteralPath $folder -Recurse -Force -ErrorAction Ignore
            }
        }
        $found | Should -Be $true, $true, 99
    }

    It 'says what to do where another version of it is loaded, which is for good' {
        $found = Invoke-InNewShell {
            param($Manifest)
            $null = [System.Reflection.Emit.AssemblyBuilder]::DefineDynamicAssembly([System.Reflection.AssemblyName]::new('Switchyard, Version=0.0.1.0'), 'Run')
            try { Import-Module $Manifest } catch { 'refused' }
            $Error.Count
            $Error[0].FullyQualifiedErrorId
            "$($Error[0])"
            [bool](Get-Command Invoke-Batch -ErrorAction Ignore)
        }
        $found[0, 1, 2, 4] | Should -Be 'refused', '1', 'Switchyard.OtherVersionLoaded,Microsoft.PowerShell.Commands.ImportModuleCommand', 'False'
        $found[3] | Should -BeLike "*$((Import-PowerShellDataFile $manifest).ModuleVersion)*0.0.1*Start a new PowerShell*"
    }

    It 'is imported beside <_>, in either order' -ForEach 'Pester', 'PSReadLine' {
        if (-not (Get-Module -ListAvailable $_)) {
            Set-ItResult -Skipped -Because "there is no $_ here"
        }

        foreach ($order in "Import-Module $_; Import-Module '$manifest'", "Import-Module '$manifest'; Import-Module $_") {
            Invoke-Pwsh -NoProfile -NonInteractive -Command "$order; 1..3 | Invoke-ThreadedBatch { `$_ } -KeepOrder" 2>&1 | Should -Be '1', '2', '3'
        }
    }
}
