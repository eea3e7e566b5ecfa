#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5.0' }

Describe 'build.ps1 -Task Package' {
    It 'makes an archive and a package of what was built, to the file' {
        if (-not (Get-Command dotnet -CommandType Application -ErrorAction Ignore)) {
            Set-ItResult -Skipped -Because 'there is no .NET SDK'
            return
        }

        Import-Module (Join-Path $PSScriptRoot 'Common.psm1') -Force
        $module = Split-Path (Get-BuiltManifest)
        $built = Get-ChildItem -LiteralPath $module -Recurse -File | ForEach-Object { [System.IO.Path]::GetRelativePath($module, $_.FullName) -replace '\\', '/' } | Sort-Object
        $archive, $package = Invoke-Pwsh -NoProfile -File (Join-Path $PSScriptRoot '..' '..' 'build.ps1') -Task Package -NoBuild
        try {
            $LASTEXITCODE | Should -Be 0
            $entries = foreach ($file in $archive, $package) {
                $zip = [System.IO.Compression.ZipFile]::OpenRead($file)
                try { , @($zip.Entries.FullName | Sort-Object) } finally { $zip.Dispose() }
            }

            $entries[0] | Should -Be @($built | ForEach-Object { "Switchyard/$_" } | Sort-Object)

            # But for what the format of a package has of its own.
            $entries[1] | Where-Object { $_ -notmatch '^(_rels/|package/|\[Content_Types\]\.xml$|Switchyard\.nuspec$)' } | Should -Be $built
        }
        finally {
            Remove-Item -LiteralPath $archive, $package
        }
    }
}
