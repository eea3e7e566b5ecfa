<#
.SYNOPSIS
    Runs one kind of work of ChoiceKinds.ps1 by one choice, for Choice.ps1, in a process of its own.
.DESCRIPTION
    Writes 'ready' when all is set up, then runs, then writes what came of it as JSON. -Calibrate finds out how many items take so many seconds instead.
.PARAMETER Choice
    'Sequential', 'Threads N', 'Processes N', 'First' (Invoke-Batch -Fresh), 'Second' (Invoke-Batch) or 'Advice' (only what Measure-Bottleneck recommends)
#>
param(
    [string] $Kind,
    [string] $Choice,
    [string] $Folder,
    [string] $PortList,
    [int] $Count,
    [double] $Calibrate,
    [switch] $Detailed
)

$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot '..' '..' 'out' 'Switchyard')
$ports = $PortList | ConvertFrom-Json
$work = (. (Join-Path $PSScriptRoot 'ChoiceKinds.ps1'))[$Kind]
if ($work.Setup) { . $work.Setup }
$setting = if ($work.FilePath) { @{ FilePath = $work.FilePath; ArgumentList = $work.ArgumentList } } else { @{ ScriptBlock = $work.Body } }
$sequential = if ($work.FilePath) { $work.Sequential } else { [scriptblock]::Create(("$($work.Body)" -replace '\$using:', '$')) }
$way, $width = $Choice -split ' '
$told = Join-Path $folder 'told'

# Tells how long it took. What was written is counted: a choice that loses items is none.
function Measure-Run([string] $Way, [int] $Width) {
    $whole = [Diagnostics.Stopwatch]::StartNew()
    $written = switch ($Way) {
        'Sequential' { 1..$count | ForEach-Object $sequential | Measure-Object }
        'Threads' { 1..$count | Invoke-ThreadedBatch @setting -ThrottleLimit $Width | Measure-Object }
        'Processes' { 1..$count | Invoke-ProcessBatch @setting -ThrottleLimit $Width | Measure-Object }
        default {
            $fresh = @{ Fresh = $Way -eq 'First' }
            if ($Detailed) { 1..$count | Invoke-Batch @setting @fresh -ReportVariable report -Verbose 4> $told | Measure-Object }
            else { 1..$count | Invoke-Batch @setting @fresh | Measure-Object }
            if ($report) { $script:chosen = if ($report.Recommendation -eq 'Sequential') { 'Sequential' } else { "$($report.Recommendation) $($report.ThrottleLimit)" } }
        }
    }

    if ($written.Count -ne $count -or ($work.Check -and -not (. $work.Check))) {
        throw "'$Kind' by '$Choice' gave $($written.Count) results for $count items, or wrong ones."
    }

    $whole.Elapsed.TotalSeconds
}

[Console]::WriteLine('ready')
if ($Choice -eq 'Advice') {
    $clock = [Diagnostics.Stopwatch]::StartNew()
    $report = 1..$Count | Measure-Bottleneck @setting
    $seconds = $clock.Elapsed.TotalSeconds
    $chosen = if ($report.Recommendation -ne 'Sequential') { "$($report.Recommendation) $($report.ThrottleLimit)" } elseif ($report.CommandName -eq 'ForEach-Object') { 'Sequential' } else { 'Threads 1' }
    @{ Seconds = $seconds; Chosen = $chosen; Told = @($report.Evidence) } | ConvertTo-Json -Compress
}
elseif ($Calibrate) {
    # The first run opens workers and compiles.
    $count = 4
    $null = Measure-Run $way $width
    do {
        if ($work.Check) { . $work.Setup }
        $count *= 2
        $seconds = Measure-Run $way $width
    } while ($seconds -lt $Calibrate / 4)

    # Even, as some work goes in pairs.
    @{ Count = [Math]::Max(4, 2 * [int]($count * $Calibrate / $seconds / 2)) } | ConvertTo-Json -Compress
}
else {
    $seconds = Measure-Run $way $width
    @{ Seconds = $seconds; Chosen = $chosen; Told = @(if (Test-Path -LiteralPath $told) { Get-Content -LiteralPath $told; Remove-Item -LiteralPath $told }) } | ConvertTo-Json -Compress
}
