<#
.SYNOPSIS
    Measures the price of not knowing, the time of a whole batch by Invoke-Batch over that of the best fixed choice, and the regret of what Measure-Bottleneck recommends.
.DESCRIPTION
    Price: for each kind of work as many items as take the best choice some -Seconds are run by each fixed choice (one after another, threads, processes)
    and then by Invoke-Batch twice, which has never run them before and then has. Each run is in a new PowerShell, on the same items; the clock starts
    once it is up. A choice that takes 1.5 times as long as the best before it is given up, and so are widths beyond two of these. As the lowest of several noisy figures flatters, the best
    runs once more before Invoke-Batch and once after, and the price is that of the mean of these two.
    Regret: how much less than the best choice the one does that Measure-Bottleneck recommends, which has seen the same items in a session of its own. Both run once more, in turn.
    Small: batches of less than 0.2 s, against ForEach-Object, in a session where commands and work are compiled; what the very first call takes besides.
    Trivial: many items that do next to nothing, against Invoke-ThreadedBatch.
    What Invoke-Batch remembers is in a folder of this script's, and the user's own is not touched.
.EXAMPLE
    ./tests/benchmarks/Choice.ps1 -Part Price -Kind 'loop*' -Seconds 2 -Detailed
#>
param(
    [ValidateSet('Price', 'Regret', 'Small', 'Trivial')]
    [string[]] $Part = @('Price', 'Regret', 'Small', 'Trivial'),

    # Which kinds of work.
    [string[]] $Kind = '*',

    # What the best choice is to take.
    [double] $Seconds = 5,

    [int[]] $Threads = @(1, 2, 4, 8, 16, 32, 64),
    [int[]] $Processes = @(1, 2, 4),

    # How often Small and Trivial are measured.
    [int] $Rounds = 5,

    # So many loops compute beside it.
    [int] $BusyCores,

    # Also shows what each fixed choice took, what Invoke-Batch said, and what it found best: making that report is in the time then.
    [switch] $Detailed
)

$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot 'Compare.psm1')
Add-Type -TypeDefinition (Get-LimitedServerSource)
$pwsh = [Environment]::ProcessPath
# As a .NET tool PowerShell is an assembly that 'dotnet' runs.
$before = @(if ((Split-Path -LeafBase $pwsh) -eq 'dotnet') { Join-Path $PSHOME 'pwsh.dll' })

# Runs a script in a new PowerShell and returns what it writes last; nothing if it takes longer than so long after it has said that it is ready.
function Invoke-Run([string] $Script, [System.Collections.IDictionary] $Arguments, [double] $Limit) {
    $start = [Diagnostics.ProcessStartInfo]::new($pwsh)
    $start.RedirectStandardOutput = $true
    $start.Environment['XDG_CACHE_HOME'] = Join-Path $folder 'cache'
    $before + '-NoProfile', '-NonInteractive', '-File', (Join-Path $PSScriptRoot $Script) | ForEach-Object { $start.ArgumentList.Add($_) }
    foreach ($name in $Arguments.Keys) {
        if ($Arguments[$name] -isnot [bool]) { $start.ArgumentList.Add("-$name"); $start.ArgumentList.Add([string] $Arguments[$name]) }
        elseif ($Arguments[$name]) { $start.ArgumentList.Add("-$name") }
    }

    $process = [Diagnostics.Process]::Start($start)
    try {
        while (($line = $process.StandardOutput.ReadLine()) -and $line -ne 'ready') { }
        $rest = $process.StandardOutput.ReadToEndAsync()
        if ($rest.Wait([TimeSpan]::FromSeconds($Limit))) {
            $process.WaitForExit()
            if ($process.ExitCode -ne 0) { Write-Warning "'$($start.ArgumentList)' ended with exit code $($process.ExitCode)."; return }
            ($rest.Result.Trim() -split "`n")[-1] | ConvertFrom-Json
        }
    }
    finally {
        if (-not $process.HasExited) { $process.Kill($true) }
        $process.Dispose()
    }
}

function Measure-Kind([string] $Name, [hashtable] $Work) {
    # Seconds by a choice; as many as there may be if it does not end.
    function Measure-Choice([string] $Choice) { (Invoke-Run ChoiceRun.ps1 ($run + @{ Choice = $Choice }) $limit).Seconds ?? $limit }

    $run = @{ Kind = $Name; Folder = $folder; PortList = $ports }
    $run.Count = (Invoke-Run ChoiceRun.ps1 ($run + @{ Choice = $Work.Guess; Calibrate = $Seconds }) 300).Count

    # The guess first, as the others are given up by it; from there to both sides. Beyond two widths in a row that are given up there is nothing.
    $widths = @($Threads | Sort-Object -Unique)
    $guess = if ($Work.Guess -eq 'Sequential') { 1 } else { [int] ($Work.Guess -replace '\D') }
    $lines = @(
        , @(if ($Work.Guess -eq 'Sequential') { 'Sequential' })
        , @($widths -ge $guess | ForEach-Object { "Threads $_" })
        , @($widths -lt $guess | Sort-Object -Descending | ForEach-Object { "Threads $_" })
        , @(if (-not $Work.Tied -and -not $Work.FilePath) { $Processes | ForEach-Object { "Processes $_" } })
        , @(if ($Work.Guess -ne 'Sequential') { 'Sequential' })
    )
    $times = [ordered]@{}
    $best = $null
    foreach ($line in $lines) {
        $missed = 0
        # One after another is what one thread does, or better.
        foreach ($choice in $line | Where-Object { $_ -ne 'Sequential' -or $Work.Guess -eq $_ -or 1 -notin $widths -or $times.Contains('Threads 1') }) {
            if ($missed -eq 2) { break }
            $limit = if ($best) { 1.5 * $times[$best] } else { 300 }
            $times[$choice] = (Invoke-Run ChoiceRun.ps1 ($run + @{ Choice = $choice }) $limit).Seconds
            $missed = if ($times[$choice]) { 0 } else { $missed + 1 }
            if ($times[$choice] -and (-not $best -or $times[$choice] -lt $times[$best])) { $best = $choice }
        }
    }

    if (-not $best) {
        Write-Warning "'$Name' cannot be run by any choice."
        return
    }

    $limit = [Math]::Max(60, 20 * $Seconds)
    $row = [ordered]@{ Work = $Name; Items = $run.Count; Best = $best }
    if ('Price' -in $Part) {
        $again = Measure-Choice $best
        $first = Invoke-Run ChoiceRun.ps1 ($run + @{ Choice = 'First'; Detailed = [bool] $Detailed }) $limit
        $second = Invoke-Run ChoiceRun.ps1 ($run + @{ Choice = 'Second'; Detailed = [bool] $Detailed }) $limit
        $last = Measure-Choice $best
        $base = @($again, $last | Measure-Object -Average).Average
        $row.BestTime = '{0:0.00} s' -f $base
        $row.FirstPrice = [Math]::Round($(if ($first) { $first.Seconds } else { $limit }) / $base, 3)
        $row.SecondPrice = [Math]::Round($(if ($second) { $second.Seconds } else { $limit }) / $base, 3)
        $row.FirstChose = $first.Chosen
        $row.SecondChose = $second.Chosen
    }

    if ('Regret' -in $Part) {
        $advice = Invoke-Run ChoiceRun.ps1 ($run + @{ Choice = 'Advice' }) 300
        $row.Recommended = $advice.Chosen
        $row.Sampling = '{0:0.0} s' -f $advice.Seconds
        $row.Regret = 0.0
        if ($advice.Chosen -ne $best) {
            $pairs = 1..2 | ForEach-Object { , @((Measure-Choice $best), (Measure-Choice $advice.Chosen)) }
            $own = ($pairs | ForEach-Object { $_[1] } | Measure-Object -Average).Average
            $row.Regret = [Math]::Round([Math]::Max(0, 1 - ($pairs | ForEach-Object { $_[0] } | Measure-Object -Average).Average / $own), 3)
        }
    }

    [pscustomobject] $row
    if ($Detailed) {
        Write-Host ("    $Name`: " + (($times.GetEnumerator() | ForEach-Object { '{0}: {1}' -f $_.Key, $(if ($_.Value) { '{0:0.00}' -f $_.Value } else { '-' }) }) -join ', '))
        foreach ($line in $first.Told) { Write-Host "    first: $line" }
        foreach ($line in $second.Told) { Write-Host "    second: $line" }
        foreach ($line in $advice.Told) { Write-Host "    advice: $line" }
    }
}

$folder = Join-Path ([IO.Path]::GetTempPath()) "switchyard-choice-$([guid]::NewGuid())"
$busy = [System.Collections.Generic.List[powershell]]::new()
try {
    $null = New-Item -ItemType Directory $folder
    [IO.File]::WriteAllBytes((Join-Path $folder 'big'), [byte[]]::new(8MB))
    0..499 | ForEach-Object { [IO.File]::WriteAllText((Join-Path $folder "small$_"), 'a word and another ' * 200) }
    [IO.File]::WriteAllText((Join-Path $folder 'Work.psm1'), "function Get-Work([int] `$Steps) { `$x = 0; for (`$i = 0; `$i -lt `$Steps; `$i++) { `$x += `$i % 7 }; `$x }`n" +
        ((1..100 | ForEach-Object { "function Get-Other$_ { 'other $_' }" }) -join "`n"))
    $ports = @{ Many = [LimitedServer]::Start(1000, 20); Few = [LimitedServer]::Start(4, 20) } | ConvertTo-Json -Compress
    for ($i = 0; $i -lt $BusyCores; $i++) {
        $busy.Add([powershell]::Create().AddScript('while ($true) { }'))
        $null = $busy[-1].BeginInvoke()
    }

    $all = & (Join-Path $PSScriptRoot 'ChoiceKinds.ps1')
    if ('Price' -in $Part -or 'Regret' -in $Part) {
        $all.Keys | Where-Object { $name = $_; $Kind | Where-Object { $name -like $_ } } | ForEach-Object { Measure-Kind $_ $all[$_] } | Tee-Object -Variable rows
        foreach ($figure in 'FirstPrice', 'SecondPrice', 'Regret') {
            $sorted = @($rows.$figure -ne $null | Sort-Object)
            if ($sorted) { Write-Host ('{0}: {1:0.000} (median of {2} kinds), at worst {3:0.000}' -f $figure, (Get-Median $sorted), $sorted.Count, $sorted[-1]) }
        }
    }

    $sizes = @{ Small = 0; Trivial = [int](200000 * $Seconds) }
    foreach ($name in $Part | Where-Object { $sizes.ContainsKey($_) }) {
        $rows = Invoke-Run ChoiceSmall.ps1 @{ Part = $name; Folder = $folder; Rounds = $Rounds; Count = $sizes[$name] } 900
        if (-not $rows) { throw "'$name' was not measured." }
        $rows
    }
}
finally {
    $busy | ForEach-Object { $_.Stop(); $_.Dispose() }
    Remove-Item -LiteralPath $folder -Recurse -Force
}
