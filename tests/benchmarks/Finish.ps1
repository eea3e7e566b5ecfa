<#
.SYNOPSIS
    When a batch of items of very different length ends, as a ratio to the least that is possible: all work shared out evenly, or the longest item.
.DESCRIPTION
    Items wait as long as their weight says, so that cores have no part in it. In the order of the input, by weight, and by weights that are off by up to half.
#>
param(
    [int] $Rounds = 3,
    [int] $Workers = 4
)

$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot '..' '..' 'out' 'Switchyard')
Import-Module (Join-Path $PSScriptRoot 'Compare.psm1')
$ProgressPreference = 'SilentlyContinue'
$random = [Random]::new(3)
$kinds = [ordered]@{
    'one long item, last' = { @(10) * 120 + @(1200) }
    'Pareto'              = { foreach ($i in 1..150) { [Math]::Min(1500, 10 * [Math]::Pow(1 - $random.NextDouble(), -1 / 1.3)) } }
    'exponential'         = { foreach ($i in 1..100) { -60 * [Math]::Log(1 - $random.NextDouble()) } }
    'one in ten is long'  = { foreach ($i in 1..100) { if ($i % 10) { 20 } else { 400 } } }
    'all the same'        = { @(40) * 150 }
}

function Measure-Finish([object[]] $Items, [string] $Command, [hashtable] $With) {
    $body = { [System.Threading.Thread]::Sleep([int] $_.Milliseconds) }
    $times = foreach ($round in 0..$Rounds) { (Measure-Command { $Items | & $Command $body -ThrottleLimit $Workers @With }).TotalMilliseconds }
    [Math]::Round((Get-Median $times[1..$Rounds]) / $bound, 2)
}

$rows = foreach ($kind in $kinds.Keys) {
    $items = foreach ($length in & $kinds[$kind]) { [pscustomobject]@{ Milliseconds = $length; Guess = $length * (0.5 + $random.NextDouble()) } }
    $bound = [Math]::Max(($items | Measure-Object Milliseconds -Sum).Sum / $Workers, ($items | Measure-Object Milliseconds -Maximum).Maximum)
    foreach ($command in 'Invoke-ThreadedBatch', 'Invoke-ProcessBatch') {
        [pscustomobject]@{
            Batch   = $kind
            Command = $command
            BoundMs = [int] $bound
            InOrder = Measure-Finish $items $command @{}
            Guessed = Measure-Finish $items $command @{ WeightProperty = 'Guess' }
            Weighed = Measure-Finish $items $command @{ WeightProperty = 'Milliseconds' }
        }
    }
}

$rows | Format-Table -AutoSize
