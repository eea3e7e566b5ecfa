<#
.SYNOPSIS
    Measures small batches by Invoke-Batch against ForEach-Object, or many trivial items against Invoke-ThreadedBatch, for Choice.ps1, in a process of its own.
#>
param(
    [ValidateSet('Small', 'Trivial')]
    [string] $Part,

    [string] $Folder,
    [int] $Rounds,
    [int] $Count
)

$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot '..' '..' 'out' 'Switchyard')
Import-Module (Join-Path $PSScriptRoot 'Compare.psm1')

# Seconds of a block; what it writes goes nowhere.
function Measure-Block([scriptblock] $Block) {
    $whole = [Diagnostics.Stopwatch]::StartNew()
    $null = & $Block
    $whole.Elapsed.TotalSeconds
}

function New-Row([string] $Work, [int] $Items, [double] $FirstCall, [double[]] $Theirs, [double[]] $Ours) {
    $over = for ($i = 0; $i -lt $Ours.Count; $i++) { ($Ours[$i] - $Theirs[$i]) * 1000 }
    $price = for ($i = 0; $i -lt $Ours.Count; $i++) { $Ours[$i] / $Theirs[$i] }
    [pscustomobject]@{
        Work        = $Work
        Items       = $Items
        Time        = [Math]::Round((Get-Median $Theirs) * 1000, 1)
        Ours        = [Math]::Round((Get-Median $Ours) * 1000, 1)
        Price       = [Math]::Round((Get-Median $price), 3)
        OverMs      = [Math]::Round((Get-Median $over), 1)
        WorstOverMs = [Math]::Round(($over | Measure-Object -Maximum).Maximum, 1)
        FirstCallMs = [Math]::Round($FirstCall * 1000, 1)
    }
}

[Console]::WriteLine('ready')
if ($Part -eq 'Trivial') {
    $body = { $_ }
    $null = Measure-Block { 1..20000 | Invoke-ThreadedBatch $body }
    $first = Measure-Block { 1..20000 | Invoke-Batch $body }
    $theirs, $ours = @(), @()
    foreach ($round in 1..$Rounds) {
        $theirs += Measure-Block { 1..$Count | Invoke-ThreadedBatch $body }
        $ours += Measure-Block { 1..$Count | Invoke-Batch $body }
    }

    @(New-Row 'trivial, against Invoke-ThreadedBatch' $Count $first $theirs $ours) | ConvertTo-Json -Compress -AsArray
    return
}

$content = [byte[]]::new(1MB)
$small = [ordered]@{
    'one item'              = 1, { $_ }
    '100 trivial items'     = 100, { $_ }
    '10,000 trivial items'  = 10000, { $_ }
    '10 items that wait'    = 10, { [Threading.Thread]::Sleep(10) }
    '100 items that wait'   = 100, { [Threading.Thread]::Sleep(1) }
    '2 items that wait'     = 2, { [Threading.Thread]::Sleep(80) }
    '20 items that compute' = 20, { [Security.Cryptography.SHA256]::HashData($content)[0] }
    '100 items that loop'   = 100, { $x = 0; for ($i = 0; $i -lt 200; $i++) { $x += $i % 7 } }
    '50 files'              = 50, { [IO.File]::ReadAllText("$folder/small$_").Length }
    '3 long, 50 short'      = 53, { [Threading.Thread]::Sleep($(if ($_ -le 3) { 30 } else { 1 })) }
}

$rows = foreach ($name in $small.Keys) {
    $count, $body = $small[$name]
    $own = [scriptblock]::Create(("$body" -replace '\$(folder|content)', '$using:$1'))

    # Twice, so that both are compiled.
    $null = Measure-Block { 1..$count | ForEach-Object $body }
    $first = Measure-Block { 1..$count | Invoke-Batch $own }
    $null = Measure-Block { 1..$count | Invoke-Batch $own }
    $theirs, $ours = @(), @()
    foreach ($round in 1..$Rounds) {
        $theirs += Measure-Block { 1..$count | ForEach-Object $body }
        $ours += Measure-Block { 1..$count | Invoke-Batch $own }
    }

    New-Row $name $count $first $theirs $ours
}

@($rows) | ConvertTo-Json -Compress -AsArray
