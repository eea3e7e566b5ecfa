<#
.SYNOPSIS
    What each option costs an item that takes next to nothing, as a ratio to the same without it.
#>
param(
    [int] $Rounds = 7,
    [int] $Items = 200000
)

$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot '..' '..' 'out' 'Switchyard')
Import-Module (Join-Path $PSScriptRoot 'Compare.psm1')
$ours = 'Invoke-ThreadedBatch'
$features = [ordered]@{ $ours = $Items, { 1..$Items | Invoke-ThreadedBatch { $_ * 2 } -ThrottleLimit 2 } }
foreach ($extra in @{ KeepOrder = $true }, @{ MaxFailures = 9 }, @{ RateLimit = 1e6 }, @{ ItemTimeoutSeconds = 60 }, @{ RetryCount = 3 },
    @{ AsResult = $true }, @{ AutoThrottle = $true; ThrottleLimit = 64 }) {
    $splat = @{ ThrottleLimit = 2 }
    $extra.Keys | ForEach-Object { $splat[$_] = $extra[$_] }
    $name = '-' + (@($extra.Keys | Where-Object { $_ -ne 'ThrottleLimit' }) -join ' -')
    $features[$name] = $Items, { 1..$Items | Invoke-ThreadedBatch { $_ * 2 } @splat }.GetNewClosure()
}

Compare-Work 'trivial body, with' $ours $features -Rounds $Rounds | Format-Table -AutoSize
