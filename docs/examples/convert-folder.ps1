<#
.SYNOPSIS
    Converts a folder of files, and goes on where it was cut off: by Ctrl+C, a reboot, a loss of power.
.DESCRIPTION
    Compresses every file of a folder that has not been compressed yet into another folder. A journal beside the results says which are
    done; the same command again runs only the rest, also if files were added, removed or renamed meanwhile.

    A file that was being converted when everything stopped is converted again. So the result is written under another name first and
    renamed at the end: it is never seen half written.
.EXAMPLE
    ./docs/examples/convert-folder.ps1 -Path ./photos -Destination ./photos-packed
#>
param(
    # The folder with the files.
    [Parameter(Mandatory)]
    [string] $Path,

    # The folder for the results. It is made if it is not there.
    [Parameter(Mandatory)]
    [string] $Destination
)

$ErrorActionPreference = 'Stop'
if (-not (Get-Command Invoke-ThreadedBatch -ErrorAction Ignore)) {
    Import-Module (Join-Path $PSScriptRoot '..' '..' 'out' 'Switchyard')
}

$target = (New-Item -ItemType Directory -Path $Destination -Force).FullName
$journal = Join-Path $target 'conversion.jsonl'
Get-ChildItem -LiteralPath $Path -File | Invoke-ThreadedBatch -JournalPath $journal -Resume -RetryCount 1 {
    $result = Join-Path $using:target "$($_.Name).gz"
    $source, $target = [System.IO.File]::OpenRead($_.FullName), [System.IO.File]::Create("$result.part")
    try {
        $packed = [System.IO.Compression.GZipStream]::new($target, [System.IO.Compression.CompressionLevel]::SmallestSize)
        $source.CopyTo($packed)
        $packed.Dispose()
    }
    finally {
        $source.Dispose()
        $target.Dispose()
    }

    [System.IO.File]::Move("$result.part", $result, $true)
    Get-Item -LiteralPath $result
}

$failed = @(Get-BatchJournal -Path $journal -Status Failed)
if ($failed) {
    Write-Warning "$($failed.Count) files could not be converted. Run this again to try those, or see: Get-BatchJournal '$journal' -Status Failed"
}
