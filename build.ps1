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
    Package  the built module as out/Switchyard-VERSION.zip, its list of files checked
    Bench    ratios against the peers that are installed; needs pwsh
#>
param(
    [ValidateSet('Build', 'Test', 'Docs', 'Package', 'Bench')]
    [string[]] $Task = 'Build'
)

$ErrorActionPreference = 'Stop'
$root = $PSScriptRoot
$module = Join-Path $root 'out' 'Switchyard'

# What ships, to the file: a new dependency or a forgotten one fails here.
$moduleFiles = @(
    'Switchyard.psd1', 'Switchyard.format.ps1xml', 'Switchyard.dll', 'Switchyard.pdb', 'Switchyard.Core.dll', 'Switchyard.Core.pdb'
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

# Zip the module as it was built.
function Package {
    Build
    $found = Get-ChildItem -LiteralPath $module -Recurse -File | ForEach-Object { $_.FullName.Substring($module.Length + 1) }
    $unexpected = $found | Where-Object { $_ -notin $moduleFiles }
    $missing = $moduleFiles | Where-Object { $_ -notin $found }
    if ($unexpected -or $missing) {
        throw "The module's files are not what ships. Unexpected: $unexpected. Missing: $missing."
    }

    $version = (Import-PowerShellDataFile -LiteralPath (Join-Path $module 'Switchyard.psd1')).ModuleVersion
    $archive = Join-Path $root 'out' "Switchyard-$version.zip"
    if (Test-Path -LiteralPath $archive) {
        Remove-Item -LiteralPath $archive
    }

    [IO.Compression.ZipFile]::CreateFromDirectory($module, $archive, 'Optimal', $true)
    $archive
}

# Measure against the peers, side by side in one run.
function Bench {
    Build
    $pwsh = Find-Pwsh
    if (-not $pwsh) {
        throw 'Benchmarks compare with what users have, so they need pwsh on PATH.'
    }

    foreach ($benchmark in 'ThreadedBatch.ps1', 'ProcessBatch.ps1', 'Executables.ps1', 'AutoThrottle.ps1', 'Bottleneck.ps1', 'Journal.ps1', 'SharedState.ps1') {
        Invoke-Program $pwsh '-NoProfile', '-File', (Join-Path $root 'tests' 'benchmarks' $benchmark)
    }
}

foreach ($name in $Task) {
    & $name
}
