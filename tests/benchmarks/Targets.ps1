<#
.SYNOPSIS
    Measures what the module is to reach, against each peer that is installed, and says what was met.
.DESCRIPTION
    One run: for each work all contestants take turns, round by round, so that a busy moment of the machine hits all of them. A row is the median
    of the rounds' ratios, with the lowest and the highest. Ratios count; times are this machine's. Peers that are not installed are named.
.EXAMPLE
    ./tests/benchmarks/Targets.ps1 -Work 'trivial*' -Rounds 3
#>
param(
    # Rounds for each work.
    [int] $Rounds = 5,

    # Which works.
    [string[]] $Work = '*',

    # Also writes the table, with machine and versions, as a page to this file.
    [string] $Path
)

$ErrorActionPreference = 'Stop'
$root = Join-Path $PSScriptRoot '..' '..'
$manifest = Join-Path $root 'out' 'Switchyard' 'Switchyard.psd1'
Import-Module $manifest
Import-Module (Join-Path $PSScriptRoot 'Compare.psm1')
Import-Module (Join-Path $root 'docs' 'examples' 'LocalSite.psm1')

# As a .NET tool PowerShell is an assembly that 'dotnet' runs.
$pwsh = [Environment]::ProcessPath
$before = @(if ((Split-Path -LeafBase $pwsh) -eq 'dotnet') { Join-Path $PSHOME 'pwsh.dll' })
$threads, $processes = 'Invoke-ThreadedBatch', 'Invoke-ProcessBatch'
$versions = [ordered]@{ PowerShell = $PSVersionTable.PSVersion; '.NET' = [Environment]::Version; Switchyard = (Get-Module Switchyard).Version }

# Peers: what is there, and in what version.
$absent = [System.Collections.Generic.List[string]]::new()
$has = @{}
foreach ($name in 'SplitPipeline', 'PSParallelPipeline', 'PoshRSJob', 'Microsoft.PowerShell.ThreadJob') {
    $found = Get-Module $name -ListAvailable | Sort-Object Version -Descending | Select-Object -First 1
    $has[$name] = [bool] $found
    if ($found) {
        $versions[$name] = $found.Version
    }
    else { $absent.Add($name) }
}

foreach ($name in 'xargs', 'parallel') {
    # By its path: a module may have an alias of that name.
    $tool = Get-Command $name -CommandType Application -ErrorAction Ignore | Select-Object -First 1
    $has[$name] = [bool] $tool
    if ($tool) { $versions[$name] = "$(& $tool.Source --version 2>&1 | Select-Object -First 1)" -replace '^.*?(\d[\d.]+).*$', '$1' } else { $absent.Add($name) }
}

$python = Get-Command python3, python -CommandType Application -All -ErrorAction Ignore | Select-Object -First 8 -ExpandProperty Source
$withJoblib = $python | Where-Object { & $_ -c 'import joblib' 2>&1 | Out-Null; $LASTEXITCODE -eq 0 } | Select-Object -First 1
$python = if ($withJoblib) { $withJoblib } else { $python | Select-Object -First 1 }
if ($python) { $versions.Python = "$(& $python --version)" -replace 'Python ' } else { $absent.Add('Python') }
if ($withJoblib) { $versions.joblib = & $python -c 'import joblib; print(joblib.__version__)' } else { $absent.Add('joblib') }
$pools = Join-Path $PSScriptRoot 'pools.py'

# Adds a contestant if its peer is there.
function Add-Peer([System.Collections.IDictionary] $To, [bool] $Here, [string] $Name, [object] $Count, [scriptblock] $Block) {
    if ($Here) { $To[$Name] = $Count, $Block }
}

# What a new PowerShell says of a script: a number.
function Measure-InNewShell([string] $Script) { [double]((& $pwsh $before -NoProfile -Command $Script) | Select-Object -Last 1) }

$rows = [System.Collections.Generic.List[object]]::new()

# A row for each peer, and one for each target. A target of less is an upper bound of ours / peer, one of more a lower bound of peer / ours.
function Add-Row([string] $Title, [string] $Ours, [hashtable] $Times, [System.Collections.IDictionary] $Targets) {
    foreach ($name in $Times.Keys | Sort-Object { Get-Median $Times[$_] }) {
        if ($name -eq $Ours) { continue }
        $ratios = @(for ($i = 0; $i -lt $Times[$Ours].Count; $i++) { $Times[$name][$i] / $Times[$Ours][$i] })
        $target, $isMet, $turn = '', '', $false
        if ($Targets -and $Targets.Contains($name)) {
            $kind, $bound = $Targets[$name]
            $turn = $kind -eq 'at most'
            $middle = Get-Median $ratios
            $isMet = if ($turn) { 1 / $middle -le $bound } else { $middle -ge $bound }
            $target = if ($turn) { "<= $bound x" } else { ">= $bound x faster" }
        }

        Add-Line $Title "$name" $(if ($turn) { @($ratios | ForEach-Object { 1 / $_ }) } else { $ratios }) $(if ($turn) { 'x its time' } else { 'x faster' }) $target $isMet `
            ('{0} to {1}' -f (Format-Time (Get-Median $Times[$Ours])), (Format-Time (Get-Median $Times[$name])))
    }
}

function Add-Line([string] $Title, [string] $Against, [double[]] $Values, [string] $Unit, [string] $Target, [object] $IsMet, [string] $Detail) {
    $sorted = @($Values | Sort-Object)
    $row = [pscustomobject]@{
        Work    = $Title
        Against = $Against
        Median  = "$('{0:#,0.##}' -f (Get-Median $sorted)) $Unit"
        Spread  = '{0:#,0.##}..{1:#,0.##}' -f $sorted[0], $sorted[-1]
        Target  = $Target
        Met     = if ($IsMet -is [bool]) { if ($IsMet) { 'yes' } else { 'NO' } } else { '' }
        Times   = $Detail
    }
    $rows.Add($row)
    $row | Format-Table Work, Against, Median, Spread, Target, Met, Times -HideTableHeaders -AutoSize | Out-String -Width 220 | ForEach-Object Trim | Out-Host
}

# A line of what is no ratio to a peer: a bound in a unit.
function Add-Bound([string] $Title, [double[]] $Values, [string] $Unit, [string] $Kind, [double] $Bound, [string] $Detail) {
    $middle = Get-Median $Values
    $isMet = if ($Kind -eq 'at most') { $middle -le $Bound } else { $middle -ge $Bound }
    Add-Line $Title '-' $Values $Unit "$(if ($Kind -eq 'at most') { '<=' } else { '>=' }) $Bound $Unit" $isMet $Detail
}

function Format-Time([double] $Seconds) {
    if ($Seconds -lt 1e-3) { '{0:0.0} us' -f ($Seconds * 1e6) } elseif ($Seconds -lt 1) { '{0:0.0} ms' -f ($Seconds * 1e3) } else { '{0:0.00} s' -f $Seconds }
}

function Test-Wanted([string] $Title) { [bool]($Work | Where-Object { $Title -like $_ }) }

$loop = { $x = 0; for ($i = 0; $i -lt 20000; $i++) { $x += $i % 7 }; $x }
$rest = @{ Rounds = $Rounds }

$title = 'trivial script block, 2 threads'
if (Test-Wanted $title) {
    $all = [ordered]@{
        $threads         = 200000, { 1..200000 | Invoke-ThreadedBatch { $_ * 2 } -ThrottleLimit 2 }
        'ForEach-Object' = 200000, { 1..200000 | ForEach-Object { $_ * 2 } }
    }
    Add-Peer $all $has.SplitPipeline 'Split-Pipeline' 200000 { 1..200000 | Split-Pipeline -Count 2 { process { $_ * 2 } } }
    Add-Peer $all ([bool] $python) 'ThreadPoolExecutor' 'reported' { & $python $pools threads }
    Add-Row $title $threads (Measure-Work $all @rest) @{ 'Split-Pipeline' = 'at most', 0.6; 'ForEach-Object' = 'at most', 1.0 }

    # Apart, as some of these leave threads at work in the process, which would be in the way of the others.
    $all = [ordered]@{
        $threads                   = 200000, { 1..200000 | Invoke-ThreadedBatch { $_ * 2 } -ThrottleLimit 2 }
        'ForEach-Object -Parallel' = 100, { 1..100 | ForEach-Object -Parallel { $_ * 2 } -ThrottleLimit 2 }
        'Start-Job'                = 3, { 1..3 | ForEach-Object { Start-Job { $using:_ * 2 } } | Receive-Job -Wait -AutoRemoveJob }
    }
    Add-Peer $all $has.PSParallelPipeline 'PSParallelPipeline' 1000 { 1..1000 | Invoke-Parallel { $_ * 2 } -ThrottleLimit 2 }
    Add-Peer $all $has.PoshRSJob 'PoshRSJob' 50 { 1..50 | Start-RSJob -Throttle 2 { $_ * 2 } | Wait-RSJob | Receive-RSJob; Get-RSJob | Remove-RSJob }
    Add-Peer $all $has.'Microsoft.PowerShell.ThreadJob' 'Start-ThreadJob' 20 { 1..20 | ForEach-Object { Start-ThreadJob -ThrottleLimit 2 { $using:_ * 2 } } | Receive-Job -Wait -AutoRemoveJob }
    Add-Row $title $threads (Measure-Work $all @rest) @{ 'ForEach-Object -Parallel' = 'at least', 1000 }
    Remove-Module PoshRSJob -ErrorAction Ignore
}

$title = 'a body that loops, 2 threads'
if (Test-Wanted $title) {
    $all = [ordered]@{
        $threads                   = 200, { 1..200 | Invoke-ThreadedBatch $loop -ThrottleLimit 2 }
        'ForEach-Object'           = 20, { 1..20 | ForEach-Object $loop }
        'ForEach-Object -Parallel' = 20, { 1..20 | ForEach-Object -Parallel $loop -ThrottleLimit 2 }
    }
    Add-Peer $all $has.SplitPipeline 'Split-Pipeline' 20 { 1..20 | Split-Pipeline -Count 2 { process { & $loop } } -Variable loop }
    Add-Peer $all $has.PSParallelPipeline 'PSParallelPipeline' 20 { 1..20 | Invoke-Parallel $loop -ThrottleLimit 2 }
    Add-Row $title $threads (Measure-Work $all @rest) @{ 'ForEach-Object' = 'at least', 12; 'ForEach-Object -Parallel' = 'at least', 15 }
}

$title = '1,000 items that wait 100 ms, 100 threads, warm'
if (Test-Wanted $title) {
    $all = [ordered]@{
        $threads                   = 1, { 1..1000 | Invoke-ThreadedBatch { [Threading.Thread]::Sleep(100) } -ThrottleLimit 100 }
        'the ideal'                = 1, { [Threading.Thread]::Sleep(1000) }
        'ForEach-Object -Parallel' = 1, { 1..1000 | ForEach-Object -Parallel { [Threading.Thread]::Sleep(100) } -ThrottleLimit 100 }
    }
    Add-Peer $all $has.PSParallelPipeline 'PSParallelPipeline' 1 { 1..1000 | Invoke-Parallel { [Threading.Thread]::Sleep(100) } -ThrottleLimit 100 }
    Add-Row $title $threads (Measure-Work $all @rest) @{ 'the ideal' = 'at most', 1.15 }
}

$title = '1,000 items that wait 100 ms, 100 threads, cold'
if (Test-Wanted $title) {
    $all = [ordered]@{
        $threads                   = 'reported', { Measure-InNewShell "Import-Module '$manifest'; (Measure-Command { 1..1000 | Invoke-ThreadedBatch { [Threading.Thread]::Sleep(100) } -ThrottleLimit 100 }).TotalSeconds" }
        'ForEach-Object -Parallel' = 'reported', { Measure-InNewShell '(Measure-Command { 1..1000 | ForEach-Object -Parallel { [Threading.Thread]::Sleep(100) } -ThrottleLimit 100 }).TotalSeconds' }
    }
    $times = Measure-Work $all @rest
    Add-Bound $title $times[$threads] 's' 'at most' 2.0 ''
    Add-Row $title $threads $times @{}
}

$title = '10 downloads of 1 s each, 10 threads'
if (Test-Wanted $title) {
    $site = Start-LocalSite -ThrottleLimit 12 { Start-Sleep -Seconds 1; 'ok' }
    try {
        $uri = $site.Uri
        $all = [ordered]@{
            $threads                   = 1, { 1..10 | Invoke-ThreadedBatch { Invoke-RestMethod "$using:uri$_" } -ThrottleLimit 10 }
            'ForEach-Object -Parallel' = 1, { 1..10 | ForEach-Object -Parallel { Invoke-RestMethod "$using:uri$_" } -ThrottleLimit 10 }
        }
        $times = Measure-Work $all @rest
    }
    finally {
        Stop-LocalSite $site
    }

    Add-Bound $title $times[$threads] 's' 'at most' 1.1 ''
    Add-Row $title $threads $times @{}
}

$title = 'trivial script block, 2 warm process workers'
if (Test-Wanted $title) {
    $all = [ordered]@{
        $processes = 200000, { 1..200000 | Invoke-ProcessBatch { $_ * 2 } -ThrottleLimit 2 }
    }
    Add-Peer $all ([bool] $withJoblib) 'joblib' 'reported' { & $python $pools joblib }
    Add-Peer $all ([bool] $python) 'ProcessPoolExecutor, chunks of 64' 'reported' { & $python $pools processes }
    $times = Measure-Work $all @rest
    Add-Bound $title @($times[$processes] | ForEach-Object { $_ * 1e6 }) 'us' 'at most' 3 ''
    Add-Row $title $processes $times @{}
}

$title = 'a body that loops, 2 warm process workers'
if (Test-Wanted $title) {
    # Warm: the runtime of a new process goes on compiling better code for some seconds, on a core that the other worker would have.
    $null = 1..8000 | Invoke-ProcessBatch $loop -ThrottleLimit 2
    $all = [ordered]@{
        $processes       = 3000, { 1..3000 | Invoke-ProcessBatch $loop -ThrottleLimit 2 }
        'one worker'     = 2000, { 1..2000 | Invoke-ProcessBatch $loop -ThrottleLimit 1 }
        'ForEach-Object' = 20, { 1..20 | ForEach-Object $loop }
    }
    Add-Row $title $processes (Measure-Work $all @rest) @{ 'one worker' = 'at least', 1.8 }
}

$title = 'FileInfo items to process workers'
if (Test-Wanted $title) {
    $some = Get-ChildItem -LiteralPath $PSHOME -File
    $files = [System.IO.FileInfo[]] @(foreach ($i in 1..[math]::Ceiling(50000 / $some.Count)) { $some.FullName })
    $all = [ordered]@{ $processes = $files.Count, { $files | Invoke-ProcessBatch { $_.Name } -ThrottleLimit 2 } }
    Add-Bound $title @((Measure-Work $all @rest)[$processes] | ForEach-Object { $_ * 1e6 }) 'us' 'at most' 3 'the name of each comes back'
}

$title = 'first result of a cold process batch'
if (Test-Wanted $title) {
    $all = [ordered]@{
        $processes  = 'reported', { $watch = [Diagnostics.Stopwatch]::StartNew(); 1 | Invoke-ProcessBatch { $_ } -NoReuse | ForEach-Object { $watch.Elapsed.TotalSeconds } }
        'bare pwsh' = 1, { & $pwsh $before -NoProfile -c exit }
        'Start-Job' = 1, { Start-Job { 1 } | Receive-Job -Wait -AutoRemoveJob }
    }
    Add-Row $title $processes (Measure-Work $all -Rounds ($Rounds * 3)) @{ 'bare pwsh' = 'at most', 1.3 }
}

$title = 'executables: true, 2 slots'
if (-not $IsWindows -and (Test-Wanted $title)) {
    $numbers = [System.IO.Path]::GetTempFileName()
    try {
        [System.IO.File]::WriteAllLines($numbers, [string[]](1..1000))
        $all = [ordered]@{
            $threads                   = 1000, { 1..1000 | Invoke-ThreadedBatch -FilePath true -ThrottleLimit 2 }
            'ForEach-Object -Parallel' = 200, { 1..200 | ForEach-Object -Parallel { true } -ThrottleLimit 2 }
        }
        Add-Peer $all $has.xargs 'xargs -P2' 1000 { sh -c "xargs -n1 -P2 true < '$numbers'" }
        Add-Peer $all $has.parallel 'parallel -j2' 200 { sh -c "head -200 '$numbers' | parallel -j2 true" }
        Add-Row $title $threads (Measure-Work $all -Rounds ($Rounds + 4)) @{ 'xargs -P2' = 'at most', 1.0 }
    }
    finally {
        Remove-Item -LiteralPath $numbers
    }
}

foreach ($command in $threads, $processes) {
    $title = "1,000,000 items through $command"
    if (Test-Wanted $title) {
        $growth = foreach ($round in 1..[Math]::Min(3, $Rounds)) {
            Measure-InNewShell @"
Import-Module '$manifest'
`$own = [Diagnostics.Process]::GetCurrentProcess()
`$null = 1..50000 | $command { `$_ } -ThrottleLimit 2
[GC]::Collect(); [GC]::WaitForPendingFinalizers(); [GC]::Collect(); `$own.Refresh()
`$before = `$own.WorkingSet64; `$highest = `$before; `$count = 0
1..1000000 | $command { `$_ } -ThrottleLimit 2 | ForEach-Object {
    if (++`$count % 20000 -eq 0) { `$own.Refresh(); if (`$own.WorkingSet64 -gt `$highest) { `$highest = `$own.WorkingSet64 } }
}
(`$highest - `$before) / 1MB
"@
        }
        Add-Bound $title $growth 'MB' 'at most' 60 'growth of the working set'
    }
}

$title = '1 MB byte arrays to a process worker and back'
if (Test-Wanted $title) {
    $arrays = foreach ($i in 1..500) { , [byte[]]::new(1MB) }
    $all = [ordered]@{ $processes = 500, { $arrays | Invoke-ProcessBatch { , $_ } -ThrottleLimit 2 } }
    Add-Bound $title @((Measure-Work $all @rest)[$processes] | ForEach-Object { 2MB / $_ / 1e9 }) 'GB/s' 'at least' 1 'both ways together'
}

$title = 'Import-Module'
if (Test-Wanted $title) {
    $folder = Join-Path ([System.IO.Path]::GetTempPath()) "switchyard-empty-$PID"
    $null = New-Item -ItemType Directory $folder
    try {
        Add-Type -TypeDefinition 'using System.Management.Automation; [Cmdlet("Get", "Nothing")] public class GetNothingCommand : PSCmdlet { }' -OutputAssembly (Join-Path $folder 'Empty.dll')
        $empty = Join-Path $folder 'Empty.psd1'
        Set-Content -LiteralPath $empty "@{ RootModule = 'Empty.dll'; ModuleVersion = '1.0'; CmdletsToExport = 'Get-Nothing'; FunctionsToExport = @(); AliasesToExport = @(); VariablesToExport = @() }"
        $import = "`$watch = [Diagnostics.Stopwatch]::StartNew(); Import-Module '{0}'; `$watch.Elapsed.TotalSeconds; "
        $memory = "`$own = [Diagnostics.Process]::GetCurrentProcess(); `$before = `$own.WorkingSet64; Import-Module '{0}'; `$own.Refresh(); (`$own.WorkingSet64 - `$before) / 1MB"
        $all = [ordered]@{
            Switchyard                = 'reported', { Measure-InNewShell ($import -f $manifest) }
            'an empty binary module'  = 'reported', { Measure-InNewShell ($import -f $empty) }
        }
        $times = Measure-Work $all -Rounds ($Rounds * 2)
        $over = for ($i = 0; $i -lt $times.Switchyard.Count; $i++) { ($times.Switchyard[$i] - $times['an empty binary module'][$i]) * 1000 }
        Add-Bound $title $over 'ms' 'at most' 60 ('over an empty binary module; {0} to {1}' -f (Format-Time (Get-Median $times.Switchyard)), (Format-Time (Get-Median $times['an empty binary module'])))
        $extra = foreach ($round in 1..$Rounds) { (Measure-InNewShell ($memory -f $manifest)) - (Measure-InNewShell ($memory -f $empty)) }
        Add-Line $title 'an empty binary module' $extra 'MB more' '' '' 'working set'
    }
    finally {
        Remove-Item -LiteralPath $folder -Recurse
    }
}

$title = '-AutoThrottle, after it has settled'
if (Test-Wanted $title) {
    $shares = @(& (Join-Path $PSScriptRoot 'AutoThrottle.ps1'))
    $shares | Format-Table Work, Best, Auto, Ratio, FinalLimit | Out-String -Width 160 | Out-Host
    $ratios = @($shares | ForEach-Object { [double] $_.Ratio })
    Add-Bound $title $ratios 'x the best fixed width' 'at least' 0.95 "$($shares.Count) kinds of work"
    Add-Bound $title @(($ratios | Measure-Object -Minimum).Minimum) 'x the best fixed width' 'at least' 0.85 'the worst of them'
}

$choice = Join-Path $PSScriptRoot 'Choice.ps1'
$title = 'Measure-Bottleneck and Invoke-Batch, against the best fixed choice'
if (Test-Wanted $title) {
    $kinds = @(& $choice -Part Price, Regret)
    $kinds | Format-Table Work, Best, BestTime, FirstPrice, SecondPrice, FirstChose, SecondChose, Recommended, Sampling, Regret | Out-String -Width 200 | Out-Host
    foreach ($turn in @('First', 1.03, 1.15), @('Second', 1.02, 1.08)) {
        $values = @($kinds."$($turn[0])Price")
        Add-Bound $title $values 'x its time' 'at most' $turn[1] "$($turn[0].ToLowerInvariant()) run, $($values.Count) kinds of work"
        Add-Bound $title @(($values | Measure-Object -Maximum).Maximum) 'x its time' 'at most' $turn[2] "$($turn[0].ToLowerInvariant()) run, the worst of them"
    }

    $regrets = @($kinds | ForEach-Object { 100 * $_.Regret })
    Add-Bound $title $regrets '% regret' 'at most' 0 "$($regrets.Count) kinds of work"
    Add-Bound $title @(($regrets | Measure-Object -Maximum).Maximum) '% regret' 'at most' 5 'the worst of them'
    Add-Bound $title @($kinds | ForEach-Object { [double] ($_.Sampling -replace ' s.*') }) 's of sampling' 'at most' 2 ''
}

$title = 'Invoke-Batch, batches of less than 0.2 s'
if (Test-Wanted $title) {
    $small = @(& $choice -Part Small -Rounds $Rounds)
    $small | Format-Table | Out-String -Width 160 | Out-Host
    Add-Bound $title @($small.Price) 'x ForEach-Object' 'at most' 1.2 "$($small.Count) batches"
    Add-Bound $title @(($small.OverMs | Measure-Object -Maximum).Maximum) 'ms more' 'at most' 30 'the worst of them'
}

$title = 'Invoke-Batch, 1,000,000 trivial items'
if (Test-Wanted $title) {
    $trivial = & $choice -Part Trivial -Rounds $Rounds
    Add-Bound $title @($trivial.Price) 'x Invoke-ThreadedBatch' 'at most' 1.1 ''
}

$machine = if ($IsLinux) { "$((Get-Content /proc/cpuinfo | Select-String '^model name' | Select-Object -First 1) -replace '^.*: ')" } else { $env:PROCESSOR_IDENTIFIER }
$about = @(
    "Machine: $([Environment]::ProcessorCount) cores, $machine; $([System.Runtime.InteropServices.RuntimeInformation]::OSDescription)"
    'Versions: ' + (($versions.Keys | ForEach-Object { "$_ $($versions[$_])" }) -join ', ')
    "Absent: $(if ($absent) { $absent -join ', ' } else { 'none' })"
    "Rounds: $Rounds or more, median with lowest and highest"
)
$about | Out-Host
if ($Path) {
    $lines = @('# Targets', '') + ($about | ForEach-Object { "- $_" }) + '', '| work | against | median | spread | target | met | ours to theirs, an item |', '| --- | --- | --- | --- | --- | --- | --- |'
    $lines += $rows | ForEach-Object { "| $($_.Work) | $($_.Against) | $($_.Median) | $($_.Spread) | $($_.Target) | $($_.Met) | $($_.Times) |" }
    [System.IO.File]::WriteAllText($Path, ($lines -join "`n") + "`n")
}

$missed = @($rows | Where-Object Met -EQ 'NO')
"$(@($rows | Where-Object Met -EQ 'yes').Count) targets met, $($missed.Count) missed"
