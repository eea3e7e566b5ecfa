<#
.SYNOPSIS
    Reads many log files on worker processes and says which paths failed how often, and how slow they were.
.DESCRIPTION
    Taking lines apart in PowerShell computes and makes garbage, so it wants processes, each with its own garbage collector. Each process reads a
    file by itself and sends back one small object for each path; putting those together is done here.

    A line looks like: 2026-01-31T10:00:00Z GET /orders/17 500 230ms
.EXAMPLE
    ./docs/examples/log-analysis.ps1 -Path ./logs
#>
param(
    # Where the logs are.
    [Parameter(Mandatory)]
    [string] $Path,

    # Which files.
    [string] $Filter = '*.log'
)

$ErrorActionPreference = 'Stop'
if (-not (Get-Command Invoke-ProcessBatch -ErrorAction Ignore)) {
    Import-Module (Join-Path $PSScriptRoot '..' '..' 'out' 'Switchyard')
}

$parts = Get-ChildItem -LiteralPath $Path -Filter $Filter -File | Invoke-ProcessBatch {
    $found = @{}
    foreach ($line in [System.IO.File]::ReadLines($_.FullName)) {
        if ($line -notmatch '^\S+ [A-Z]+ (/[^/ ]*)\S* (\d{3}) (\d+)ms$') { continue }
        $entry = $found[$Matches[1]]
        if (-not $entry) { $entry = $found[$Matches[1]] = [pscustomobject]@{ Path = $Matches[1]; Calls = 0; Failed = 0; Milliseconds = 0 } }
        $entry.Calls++
        $entry.Failed += [int]($Matches[2] -ge 500)
        $entry.Milliseconds += [int]$Matches[3]
    }

    $found.Values
}

$parts | Group-Object Path | ForEach-Object {
    $calls = ($_.Group | Measure-Object Calls -Sum).Sum
    [pscustomobject]@{
        Path     = $_.Name
        Calls    = $calls
        Failed   = ($_.Group | Measure-Object Failed -Sum).Sum
        MeanTime = [Math]::Round(($_.Group | Measure-Object Milliseconds -Sum).Sum / $calls, 1)
    }
} | Sort-Object { -$_.Failed }, Path
