<#
.SYNOPSIS
    Compares Invoke-ThreadedBatch with what people use instead, side by side in one run.
.DESCRIPTION
    Every contestant runs the same work in turn, several rounds, so that a busy moment of the machine hits all of them. The median
    of each is printed as a ratio to ours: above 1, it takes longer than we do. Ratios count; times are this machine's.
#>
param(
    [int] $Rounds = 7,
    [int] $Items = 200000
)

$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot '..' '..' 'out' 'Switchyard')
Import-Module (Join-Path $PSScriptRoot 'Compare.psm1')
$peers = foreach ($name in 'SplitPipeline', 'PSParallelPipeline') {
    if (Get-Module $name -ListAvailable) {
        Import-Module $name
        $name
    }
    else {
        Write-Host "$name is not installed and was left out."
    }
}

$ours = 'Invoke-ThreadedBatch'
$loop = { $x = 0; for ($i = 0; $i -lt 20000; $i++) { $x += $i % 7 }; $x }
$few = 20

$trivial = [ordered]@{
    $ours            = $Items, { 1..$Items | Invoke-ThreadedBatch { $_ * 2 } -ThrottleLimit 2 }
    'ForEach-Object' = $Items, { 1..$Items | ForEach-Object { $_ * 2 } }
    'ForEach-Object -Parallel' = 100, { 1..100 | ForEach-Object -Parallel { $_ * 2 } -ThrottleLimit 2 }
}
$looping = [ordered]@{
    $ours            = 100, { 1..100 | Invoke-ThreadedBatch $loop -ThrottleLimit 2 }
    'ForEach-Object' = $few, { 1..$few | ForEach-Object $loop }
    'ForEach-Object -Parallel' = $few, { 1..$few | ForEach-Object -Parallel $loop -ThrottleLimit 2 }
}
if ('SplitPipeline' -in $peers) {
    $trivial['Split-Pipeline'] = $Items, { 1..$Items | Split-Pipeline -Count 2 { process { $_ * 2 } } }
    $looping['Split-Pipeline'] = $few, { 1..$few | Split-Pipeline -Count 2 { process { & $loop } } -Variable loop }
}

if ('PSParallelPipeline' -in $peers) {
    $trivial['Invoke-Parallel'] = 1000, { 1..1000 | Invoke-Parallel { $_ * 2 } -ThrottleLimit 2 }
    $looping['Invoke-Parallel'] = $few, { 1..$few | Invoke-Parallel $loop -ThrottleLimit 2 }
}

# Ours comes after a batch of the same width, as the second of a session does.
$waiting = [ordered]@{
    $ours                    = 1000, { 1..1000 | Invoke-ThreadedBatch { [Threading.Thread]::Sleep(100) } -ThrottleLimit 100 }
    'the ideal'              = 1000, { [Threading.Thread]::Sleep(1000) }
}

# What each feature costs a trivial item that uses it; the plain line is what it costs the others.
$features = [ordered]@{ $ours = $Items, { 1..$Items | Invoke-ThreadedBatch { $_ * 2 } -ThrottleLimit 2 } }
foreach ($extra in @{ KeepOrder = $true }, @{ MaxFailures = 9 }, @{ RateLimit = 1e6 }, @{ ItemTimeoutSeconds = 60 }, @{ RetryCount = 3 },
    @{ AsResult = $true }, @{ AutoThrottle = $true; ThrottleLimit = 64 }) {
    $splat = @{ ThrottleLimit = 2 }
    $extra.Keys | ForEach-Object { $splat[$_] = $extra[$_] }
    $name = '-' + (@($extra.Keys | Where-Object { $_ -ne 'ThrottleLimit' }) -join ' -')
    $features[$name] = $Items, { 1..$Items | Invoke-ThreadedBatch { $_ * 2 } @splat }.GetNewClosure()
}

Compare-Work 'trivial body' $ours $trivial -Rounds $Rounds | Format-Table -AutoSize
Compare-Work 'a body that loops' $ours $looping -Rounds $Rounds | Format-Table -AutoSize
Compare-Work '1,000 waits of 100 ms on 100 threads, warm' $ours $waiting -Rounds $Rounds | Format-Table -AutoSize
Compare-Work 'trivial body, with' $ours $features -Rounds $Rounds | Format-Table -AutoSize
