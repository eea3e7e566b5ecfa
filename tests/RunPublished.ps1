<#
.SYNOPSIS
    Runs one of xUnit's test projects where it was published for another system, in out/windows, and counts as 'dotnet test' does.
.EXAMPLE
    ./tests/RunPublished.ps1 Switchyard.Core.Tests -class Switchyard.Core.Journal.*

    One class of one project. What follows the project is the runner's.
#>
param(
    [Parameter(Mandatory)]
    [string] $Project,

    [Parameter(ValueFromRemainingArguments)]
    [string[]] $Arguments = @()
)

$program = Join-Path $PSScriptRoot '..' 'out' 'windows' $Project "$Project.exe"
$counted = $null
& $program -noColor @Arguments 2>&1 | ForEach-Object {
    $line = "$_"
    if ($line -match 'Total: (\d+), Errors: (\d+), Failed: (\d+), Skipped: (\d+), Not Run: (\d+)') {
        $counted = [int[]] $Matches[1..5]
    }

    $line
}

$code = $LASTEXITCODE
if ($counted) {
    $total, $errors, $failed, $skipped, $notRun = $counted
    "  succeeded: $($total - $failed - $skipped - $notRun)"
    "  failed: $($failed + $errors)"
    "  skipped: $($skipped + $notRun)"
}

exit $code
