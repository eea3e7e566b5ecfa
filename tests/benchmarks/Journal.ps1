<#
.SYNOPSIS
    Measures what a journal costs an item, and what resuming costs, over a million items that take next to nothing.
.DESCRIPTION
    Each comparison runs its contestants in turn. Work that takes longer pays the same for its journal, so its share is smaller.
#>
param([int] $Rounds = 3, [int] $Count = 1000000)

$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot '..' '..' 'out' 'Switchyard')
Import-Module (Join-Path $PSScriptRoot 'Compare.psm1')
$folder = Join-Path ([System.IO.Path]::GetTempPath()) "switchyard-bench-$PID"
$null = New-Item -ItemType Directory $folder
$journal = Join-Path $folder 'run.jsonl'
$numbers = 1..$Count
try {
    $null = 1..50000 | Invoke-ThreadedBatch { $_ * 2 } -ThrottleLimit 2
    $ways = [ordered]@{
        'with a journal' = $Count, {
            Remove-Item $journal -ErrorAction Ignore
            $numbers | Invoke-ThreadedBatch { $_ * 2 } -ThrottleLimit 2 -JournalPath $journal
        }
        'without'        = $Count, { $numbers | Invoke-ThreadedBatch { $_ * 2 } -ThrottleLimit 2 }
        'with results'   = $Count, { $numbers | Invoke-ThreadedBatch { $_ * 2 } -ThrottleLimit 2 -AsResult }
        'resumed, all done' = $Count, { $numbers | Invoke-ThreadedBatch { $_ * 2 } -ThrottleLimit 2 -JournalPath $journal -Resume }
    }
    Compare-Work "{ `$_ * 2 } over $Count items" 'with a journal' $ways -Rounds $Rounds | Format-Table -AutoSize
    '{0:n0} bytes of journal an item' -f ((Get-Item $journal).Length / $Count)
}
finally {
    Remove-Item $folder -Recurse
}
