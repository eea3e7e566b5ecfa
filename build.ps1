<#
.SYNOPSIS
    Builds, tests, packages and measures Switchyard.
.DESCRIPTION
    Runs in PowerShell 7.4 or later, and where there is only the .NET SDK in the project's own host:

        dotnet run --project src/Switchyard.Host -- -File build.ps1 -Task Test
.PARAMETER Task
    Build    the module into out/Switchyard
    Test     everything that this machine can run; says what it could not
    Docs     the help pages and what Get-Help reads, through PlatyPS
    Package  the built module as out/Switchyard.VERSION.nupkg for the gallery and as a zip, their lists of files checked
    Bench    every target as a ratio to the peers that are installed, then what single steps cost; needs pwsh, and twenty minutes
.PARAMETER NoBuild
    Takes what was built before.
#>
param(
    [ValidateSet('Build', 'Test', 'Docs', 'Package', 'Bench')]
    [string[]] $Task = 'Build',

    [switch] $NoBuild
)

$ErrorActionPreference = 'Stop'
$root = $PSScriptRoot
$module = Join-Path $root 'out' 'Switchyard'

# What ships, to the file: a new dependency or a forgotten one fails here.
$moduleFiles = @(
    'LICENSE', 'ThirdPartyNotices.txt', 'Switchyard.psd1', 'Switchyard.format.ps1xml', 'Switchyard.dll', 'Switchyard.pdb', 'Switchyard.Core.dll', 'Switchyard.Core.pdb'
    'Switchyard.dll-Help.xml', 'about_Switchyard.help.txt', 'about_Switchyard_Errors.help.txt' | ForEach-Object { Join-Path 'en-US' $_ }
    'Switchyard.Reports.dll', 'Switchyard.Reports.pdb', 'OxyPlot.dll' | ForEach-Object { Join-Path 'Switchyard.Reports' $_ }
    'Switchyard.Diagnostics.dll', 'Switchyard.Diagnostics.pdb', 'Microsoft.Diagnostics.NETCore.Client.dll', 'Microsoft.Diagnostics.Tracing.TraceEvent.dll',
    'Microsoft.Diagnostics.FastSerialization.dll', 'Microsoft.Extensions.DependencyInjection.Abstractions.dll',
    'Microsoft.Extensions.Logging.Abstractions.dll' | ForEach-Object { Join-Path 'Switchyard.Diagnostics' $_ }
)

# Runs a program and stops the script if it fails.
function Invoke-Program([string] $Name, [string[]] $Arguments) {
    & $Name @Arguments
    if ($LASTEXITCODE -ne 0) {
        throw "'$Name $Arguments' ended with exit code $LASTEXITCODE."
    }
}

# The running pwsh, else the one on PATH, else nothing: the project's host is no substitute for what users have.
function Find-Pwsh {
    $own = Join-Path $PSHOME $(if ($IsWindows) { 'pwsh.exe' } else { 'pwsh' })
    if (Test-Path -LiteralPath $own) {
        return $own
    }

    Get-Command pwsh -CommandType Application -ErrorAction Ignore | Select-Object -First 1 -ExpandProperty Source
}

# Build the module and everything beside it.
function Build {
    if ($NoBuild) {
        return
    }

    Invoke-Program dotnet 'build', (Join-Path $root 'Switchyard.slnx'), '--nologo', '-v', 'quiet'
}

# Run all tests that the machine can run and add them up.
function Test {
    $total = @{ passed = 0; failed = 0; skipped = 0 }
    Push-Location -LiteralPath $root
    try {
        & dotnet test 2>&1 | ForEach-Object {
            $line = "$_"
            switch -Regex ($line) {
                '^\s+succeeded: (\d+)$' { $total.passed = [int] $Matches[1] }
                '^\s+failed: (\d+)$' { $total.failed = [int] $Matches[1] }
                '^\s+skipped: (\d+)$' { $total.skipped = [int] $Matches[1] }
            }

            $line
        }

        # A project that does not build, or a run that breaks off, fails without a failed test.
        if ($LASTEXITCODE -ne 0 -and $total.failed -eq 0) {
            throw "'dotnet test' ended with exit code $LASTEXITCODE."
        }

        if ($total.passed -eq 0) {
            throw "'dotnet test' ran no test."
        }
    }
    finally {
        Pop-Location
    }

    $pwsh = Find-Pwsh
    if ($pwsh) {
        & $pwsh -NoProfile -NonInteractive -File (Join-Path $root 'tests' 'pester' 'Run.ps1') 2>&1 | ForEach-Object {
            $line = "$_"
            if ($line -match '^Pester suite: (\d+) passed, (\d+) failed, (\d+) skipped$') {
                $total.passed += [int] $Matches[1]
                $total.failed += [int] $Matches[2]
                $total.skipped += [int] $Matches[3]
            }

            $line
        }

        if ($LASTEXITCODE -ne 0 -and $total.failed -eq 0) {
            throw "The Pester suite broke off with exit code $LASTEXITCODE."
        }
    }
    else {
        'Pester suite: not run, as there is no pwsh on PATH.'
    }

    "$($total.passed) passed, $($total.failed) failed, $($total.skipped) skipped"
    if ($total.failed -gt 0) {
        exit 1
    }
}

# Bring the help in line with the module and the pages.
function Docs {
    Build
    $pwsh = Find-Pwsh
    if (-not $pwsh) {
        throw 'Help is made by PlatyPS, which needs pwsh on PATH.'
    }

    Invoke-Program $pwsh '-NoProfile', '-NonInteractive', '-File', (Join-Path $root 'docs' 'Update-Help.ps1')
    Build
}

# What a package's file would have to be for the gallery: an id, a version, tags that say what the module has.
function New-PackageDescription([System.Management.Automation.PSModuleInfo] $Manifest) {
    $data = $Manifest.PrivateData.PSData
    $commands = $Manifest.ExportedCmdlets.Keys | Sort-Object
    $tags = @($data.Tags) + 'PSModule', 'PSIncludes_Cmdlet' + ($commands | ForEach-Object { "PSCmdlet_$_"; "PSCommand_$_" })
    $escape = { [System.Security.SecurityElement]::Escape($args[0]) }
    @"
<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">
  <metadata>
    <id>$($Manifest.Name)</id>
    <version>$($Manifest.Version)</version>
    <authors>$(& $escape $Manifest.Author)</authors>
    <owners>$(& $escape $Manifest.CompanyName)</owners>
    <requireLicenseAcceptance>false</requireLicenseAcceptance>
    <license type="file">LICENSE</license>
    <projectUrl>$(& $escape $data.ProjectUri)</projectUrl>
    <description>$(& $escape $Manifest.Description)</description>
    <releaseNotes>$(& $escape $data.ReleaseNotes)</releaseNotes>
    <copyright>$(& $escape $Manifest.Copyright)</copyright>
    <tags>$(& $escape ($tags -join ' '))</tags>
  </metadata>
  <files>
    <file src="$(& $escape (Join-Path $module '**' '*'))" target="" />
  </files>
</package>
"@
}

# Stops the script unless the files are exactly those that ship.
function Assert-ModuleFile([string] $Where, [string[]] $Found) {
    $found = $Found -replace '[\\/]', [System.IO.Path]::DirectorySeparatorChar
    $unexpected = $found | Where-Object { $_ -notin $moduleFiles }
    $missing = $moduleFiles | Where-Object { $_ -notin $found }
    if ($unexpected -or $missing) {
        throw "$Where does not hold what ships. Unexpected: $unexpected. Missing: $missing."
    }
}

# Make what is installed: a package for the gallery, and an archive to unpack into a folder of modules.
function Package {
    Build
    Assert-ModuleFile $module (Get-ChildItem -LiteralPath $module -Recurse -File | ForEach-Object { $_.FullName.Substring($module.Length + 1) })
    $manifest = Test-ModuleManifest -Path (Join-Path $module 'Switchyard.psd1')
    $archive = Join-Path $root 'out' "Switchyard-$($manifest.Version).zip"
    $package = Join-Path $root 'out' "Switchyard.$($manifest.Version).nupkg"
    $archive, $package | Where-Object { Test-Path -LiteralPath $_ } | Remove-Item
    [System.IO.Compression.ZipFile]::CreateFromDirectory($module, $archive, 'Optimal', $true)

    $description = Join-Path $root 'out' 'Switchyard.nuspec'
    Set-Content -LiteralPath $description -Value (New-PackageDescription $manifest)

    # It would have assemblies in a folder lib, where a module's are not looked for, and says so of each.
    $said = & dotnet pack $description --output (Join-Path $root 'out') 2>&1
    if ($LASTEXITCODE -ne 0) {
        throw "'dotnet pack' ended with exit code ${LASTEXITCODE}: $said"
    }

    Remove-Item -LiteralPath $description

    # What the package format adds of its own is no file of the module's.
    $zip = [System.IO.Compression.ZipFile]::OpenRead($package)
    try { $entries = @($zip.Entries.FullName) } finally { $zip.Dispose() }
    Assert-ModuleFile $package ($entries | Where-Object { $_ -notmatch '^(_rels/|package/|\[Content_Types\]\.xml$|Switchyard\.nuspec$)' } | ForEach-Object { [uri]::UnescapeDataString($_) })
    $archive
    $package
}

# Measure against the peers, side by side in one run.
function Bench {
    Build
    $pwsh = Find-Pwsh
    if (-not $pwsh) {
        throw 'Benchmarks compare with what users have, so they need pwsh on PATH.'
    }

    # Results are kept by the kind of machine.
    $system = if ($IsWindows) { 'windows' } elseif ($IsMacOS) { 'macos' } else { 'linux' }
    $results = Join-Path $root 'docs' 'benchmarks' "$system-$([Environment]::ProcessorCount)-cores.md"
    Invoke-Program $pwsh '-NoProfile', '-File', (Join-Path $root 'tests' 'benchmarks' 'Targets.ps1'), '-Path', $results
    foreach ($benchmark in 'Features.ps1', 'Executables.ps1', 'Journal.ps1', 'SharedState.ps1') {
        Invoke-Program $pwsh '-NoProfile', '-File', (Join-Path $root 'tests' 'benchmarks' $benchmark)
    }

    Invoke-Program dotnet 'run', '--project', (Join-Path $root 'tests' 'benchmarks' 'InProcess'), '--', '--filter', '*', '--artifacts', (Join-Path $root 'out' 'benchmarks')
}

foreach ($name in $Task) {
    & $name
}
