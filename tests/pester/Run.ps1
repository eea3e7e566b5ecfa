<#
.SYNOPSIS
    Runs the Pester suite against the module in out/Switchyard, and ends with one line that adds it up.
#>
$ErrorActionPreference = 'Stop'
$pester = Get-Module Pester -ListAvailable | Where-Object Version -GE '5.0' | Sort-Object Version -Descending | Select-Object -First 1
if (-not $pester) {
    'Pester suite: not run, as Pester 5 is not installed.'
    exit 0
}

Import-Module $pester.Path
$settings = New-PesterConfiguration
$settings.Run.Path = $PSScriptRoot
$settings.Run.PassThru = $true
$settings.Output.Verbosity = 'Normal'
$settings.Output.RenderMode = 'Plaintext'

# The tests' own scripts run as at a prompt.
$ErrorActionPreference = 'Continue'
$result = Invoke-Pester -Configuration $settings

# A file that cannot be read has no tests to fail.
$failed = $result.FailedCount + $result.FailedBlocksCount + $result.FailedContainersCount
"Pester suite: $($result.PassedCount) passed, $failed failed, $($result.SkippedCount + $result.InconclusiveCount + $result.NotRunCount) skipped"
exit [int]($failed -gt 0)
