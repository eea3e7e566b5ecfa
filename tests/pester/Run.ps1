<#
.SYNOPSIS
    Runs the Pester suite against the module in out/Switchyard, and adds it up.
.DESCRIPTION
    In the PowerShell that runs it, with the Pester that 'dotnet build' has put into out/Modules.
.EXAMPLE
    dotnet tool exec powershell -y -- tests/pester/Run.ps1

    All of it, in the pinned PowerShell.
.EXAMPLE
    ./tests/pester/Run.ps1 -Path tests/pester/Journal.Tests.ps1 -FullName 'A journal.is written by one batch at a time'

    One test of one file.
#>
param(
    # Files or folders of tests.
    [string[]] $Path = $PSScriptRoot,

    # The tests to run by their full names: those of their blocks and their own, with dots in between. Wildcards are understood.
    [string[]] $FullName = @()
)

$ErrorActionPreference = 'Stop'
$modules = Join-Path $PSScriptRoot '..' '..' 'out' 'Modules'
if (-not (Test-Path -LiteralPath (Join-Path $modules 'Pester'))) {
    throw "There is no Pester in '$modules'. Run 'dotnet build' first."
}

$settings = [hashtable]@{
    Run    = @{ Path = $Path; PassThru = $true }
    Filter = @{ FullName = $FullName }
    Output = @{ Verbosity = 'Normal'; RenderMode = 'Plaintext' }
}

# The tests' own scripts run as at a prompt, and find Pester by its name.
$ErrorActionPreference = 'Continue'
$before = $env:PSModulePath
$env:PSModulePath = (Resolve-Path -LiteralPath $modules).ProviderPath + [System.IO.Path]::PathSeparator + $before
try {
    Import-Module Pester -ErrorAction Stop
    $result = Invoke-Pester -Configuration $settings
}
finally {
    $env:PSModulePath = $before
}

# Counted as 'dotnet test' does. A file that cannot be read has no tests to fail.
$failed = $result.FailedCount + $result.FailedBlocksCount + $result.FailedContainersCount
'Pester suite:'
"  succeeded: $($result.PassedCount)"
"  failed: $failed"
"  skipped: $($result.SkippedCount + $result.InconclusiveCount)"
exit [int]($failed -gt 0 -or $result.PassedCount -eq 0)
