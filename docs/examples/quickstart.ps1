<#
.SYNOPSIS
    Switchyard's main job in ten seconds: the same work one item at a time, on threads, on processes, and as Invoke-Batch chooses.
.DESCRIPTION
    Builds the module if it is not built. Then it does two kinds of work with the texts of this repository: one that waits for each file as for a service, and one
    that computes, with much garbage. Each is run in four ways, which are checked to say the same and shown with the time that they took. Invoke-Batch finds out on the items
    what pays, and begins with one at a time.
.EXAMPLE
    ./docs/examples/quickstart.ps1
#>
param(
    # Where the files are: the repository that this script stands in, unless said otherwise.
    [string] $Path = (Join-Path $PSScriptRoot '..' '..')
)

$ErrorActionPreference = 'Stop'
if (-not (Get-Command Invoke-Batch -ErrorAction Ignore)) {
    $module = Join-Path $PSScriptRoot '..' '..' 'out' 'Switchyard'
    if (-not (Test-Path -LiteralPath $module)) {
        Write-Host 'The module is not built yet. That takes a minute, once.'
        $said = dotnet build (Join-Path $PSScriptRoot '..' '..' 'src' 'Switchyard') --nologo 2>&1
        if ($LASTEXITCODE -ne 0) {
            throw "'dotnet build' ended with exit code ${LASTEXITCODE}: $($said -join "`n")"
        }
    }

    Import-Module $module
}

$files = @(Get-ChildItem -LiteralPath $Path -Recurse -File -Include *.md, *.cs, *.ps1 | Select-Object -First 800)
'{0:n0} texts, {1:n1} MB, {2} cores' -f $files.Count, (($files | Measure-Object Length -Sum).Sum / 1MB), [Environment]::ProcessorCount

# What a call to a service does to a script.
$wait = { Start-Sleep -Milliseconds 50; $_.Name }

# How many pairs of words a text has. Loops in a body take a worker less time than ForEach-Object, also one that is alone.
$pairs = {
    $found = @{}
    $last = ''
    foreach ($word in [IO.File]::ReadAllText($_.FullName).ToLower() -split '\W+') {
        $found["$last $word"] += 1
        $last = $word
    }

    $found.Count
}

# The first run of any code pays for its compilation, the first batch for its workers: processes take as long to start as PowerShell, and stay for the next batches.
$few = $files | Select-Object -First 20
$null = $few | ForEach-Object $pairs
$null = $few | Invoke-ThreadedBatch $pairs
$clock = [Diagnostics.Stopwatch]::StartNew()
$null = $few | Invoke-ProcessBatch $pairs
'worker processes started in {0:n2} s' -f $clock.Elapsed.TotalSeconds
''
'{0,-22}{1,12}{2,12}{3,12}{4,14}' -f '', 'ForEach', 'Threaded', 'Process', 'Invoke-Batch'

foreach ($kind in @{ Name = 'wait 50 ms for each'; Items = $files | Select-Object -First 30; Body = $wait }, @{ Name = 'count pairs of words'; Items = $files; Body = $pairs }) {
    $body = $kind.Body
    $ways = @(
        { $kind.Items | ForEach-Object $body }
        { $kind.Items | Invoke-ThreadedBatch $body -KeepOrder }
        { $kind.Items | Invoke-ProcessBatch $body -KeepOrder }
        { $kind.Items | Invoke-Batch $body -KeepOrder -Fresh -ReportVariable report }
    )
    $times, $outputs = @(), @()
    foreach ($way in $ways) {
        $clock.Restart()
        $outputs += @(. $way) -join "`n"
        $times += $clock.Elapsed.TotalSeconds
    }

    if ($outputs | Where-Object { $_ -cne $outputs[0] }) {
        throw 'The runs disagree.'
    }

    '{0,-22}{1,10:n2} s{2,10:n2} s{3,10:n2} s{4,12:n2} s   its choice: {5}, {6} at a time' -f (@($kind.Name) + $times + $report.Recommendation + $report.ThrottleLimit)
}
