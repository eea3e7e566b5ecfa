<#
.SYNOPSIS
    A script for the night: imports every file that is new, goes on where the last night stopped, and ends with an exit code.
.DESCRIPTION
    The journal beside the results knows which files are done. A night that was cut off, or ran into -TimeoutSeconds, is gone on with by the
    next one; files that failed are tried again. Exit code 0: all done. 1: some files failed, and errors.csv says why. 2: nothing could be done.

    What it does with a file is Import-DataFile, which counts its rows; yours does what you need.
.EXAMPLE
    pwsh -NoProfile -File ./docs/examples/nightly.ps1 -Path /data/incoming -Destination /data/imported
#>
param(
    # Where the files arrive.
    [Parameter(Mandatory)]
    [string] $Path,

    # Where results, journal and the list of errors go.
    [Parameter(Mandatory)]
    [string] $Destination,

    # How long it may take, in seconds: the morning.
    [double] $TimeoutSeconds = 6 * 3600
)

$ErrorActionPreference = 'Stop'
trap {
    [Console]::Error.WriteLine("Nothing could be done: $_")
    exit 2
}

if (-not (Get-Command Invoke-ThreadedBatch -ErrorAction Ignore)) {
    Import-Module (Join-Path $PSScriptRoot '..' '..' 'out' 'Switchyard')
}

function Import-DataFile([System.IO.FileInfo] $File, [string] $Destination) {
    $rows = @(Import-Csv -LiteralPath $File.FullName)
    if ($rows.Count -eq 0) {
        throw "'$($File.Name)' has no rows."
    }

    # Whole or not at all: no reader of the results sees half of one.
    $result = Join-Path $Destination "$($File.BaseName).json"
    Set-Content -LiteralPath "$result.part" (ConvertTo-Json @{ File = $File.Name; Rows = $rows.Count } -Compress)
    [System.IO.File]::Move("$result.part", $result, $true)
}

$target = (New-Item -ItemType Directory -Path $Destination -Force).FullName
$journal = Join-Path $target 'nightly.jsonl'
Get-ChildItem -LiteralPath $Path -Filter *.csv -File |
    Invoke-ThreadedBatch -JournalPath $journal -Resume -RetryCount 1 -ItemTimeoutSeconds 600 -TimeoutSeconds $TimeoutSeconds `
        -FunctionName Import-DataFile -ErrorAction SilentlyContinue {
        Import-DataFile $_ $using:target
    }

$summary = Get-BatchJournal -Path $journal -Summary
$failed = @(Get-BatchJournal -Path $journal -Status Failed, TimedOut, Crashed, Canceled, Skipped)
$failed | Select-Object ItemText, Status, ErrorMessage | Export-Csv -LiteralPath (Join-Path $target 'errors.csv')
'{0:n0} files done in all, {1:n0} to be tried again' -f $summary.Succeeded, $failed.Count
exit [int]($failed.Count -gt 0)
