<#
.SYNOPSIS
    Compares script blocks on warm worker processes with threads and with ForEach-Object, side by side in one run.
.DESCRIPTION
    Each comparison runs its contestants in turn. The cold start is compared with one bare PowerShell.
#>
param([int] $Rounds = 5)

$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot '..' '..' 'out' 'Switchyard')
Import-Module (Join-Path $PSScriptRoot 'Compare.psm1')
$ours = 'Invoke-ProcessBatch'
$pwsh = [Environment]::ProcessPath
$loop = { $x = 0; for ($i = 0; $i -lt 20000; $i++) { $x += $i % 7 }; $x }

# Warm workers, and code that is compiled, at both ends.
$null = 1..50000 | Invoke-ProcessBatch { $_ * 2 } -ThrottleLimit 2
$null = 1..200 | Invoke-ProcessBatch $loop -ThrottleLimit 2

$trivial = [ordered]@{
    $ours                  = 200000, { 1..200000 | Invoke-ProcessBatch { $_ * 2 } -ThrottleLimit 2 }
    'Invoke-ThreadedBatch' = 200000, { 1..200000 | Invoke-ThreadedBatch { $_ * 2 } -ThrottleLimit 2 }
    'ForEach-Object'       = 200000, { 1..200000 | ForEach-Object { $_ * 2 } }
}
Compare-Work '{ $_ * 2 }, 2 warm workers' $ours $trivial -Rounds $Rounds | Format-Table -AutoSize

$loops = [ordered]@{
    $ours                  = 1000, { 1..1000 | Invoke-ProcessBatch $loop -ThrottleLimit 2 }
    'one worker'           = 1000, { 1..1000 | Invoke-ProcessBatch $loop -ThrottleLimit 1 }
    'Invoke-ThreadedBatch' = 1000, { 1..1000 | Invoke-ThreadedBatch $loop -ThrottleLimit 2 }
    'ForEach-Object'       = 100, { 1..100 | ForEach-Object $loop }
}
Compare-Work 'a body that loops, 2 warm workers' $ours $loops -Rounds $Rounds | Format-Table -AutoSize

$some = Get-ChildItem -LiteralPath $PSHOME -File
$files = foreach ($i in 1..[math]::Ceiling(50000 / $some.Count)) { $some }
$bare = [System.IO.FileInfo[]]$files.FullName
$file = [ordered]@{
    $ours                  = $files.Count, { $files | Invoke-ProcessBatch { $_.Name } -ThrottleLimit 2 }
    'the same, FileInfo'   = $bare.Count, { $bare | Invoke-ProcessBatch { $_.Name } -ThrottleLimit 2 }
    'Invoke-ThreadedBatch' = $files.Count, { $files | Invoke-ThreadedBatch { $_.Name } -ThrottleLimit 2 }
}
Compare-Work 'files as Get-ChildItem writes them' $ours $file -Rounds $Rounds | Format-Table -AutoSize

$megabyte = [byte[]]::new(1MB)
$arrays = foreach ($i in 1..500) { , $megabyte }
$bytes = [ordered]@{
    $ours = 500, { $arrays | Invoke-ProcessBatch { , $_ } -ThrottleLimit 2 }
}
Compare-Work '1 MB byte arrays, there and back' $ours $bytes -Rounds $Rounds | Format-Table -AutoSize

$cold = [ordered]@{
    $ours       = 1, { 1 | Invoke-ProcessBatch { $_ } -NoReuse }
    'bare pwsh' = 1, { & $pwsh -NoProfile -c exit }
}
Compare-Work 'the first result of a cold batch' $ours $cold -Rounds ($Rounds * 3) | Format-Table -AutoSize
