<#
.SYNOPSIS
    Compares -AutoThrottle with the best of all fixed throttle limits on six kinds of work.
.DESCRIPTION
    Each setting is fed without end and stopped by the clock; its throughput is that of the time after it has settled. The fixed
    limits are tried briefly; the best one then runs once more beside -AutoThrottle, for as long, because the highest of several
    noisy figures flatters. Both choose from the same range. Ratios count; rates are this machine's.
#>
param(
    [int[]] $Limits = @(1, 2, 4, 8, 16, 32, 64),
    [string[]] $Kind = '*',
    [double] $FixedSeconds = 4,
    [double] $Seconds = 11,
    [double] $SettlingSeconds = 5
)

$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot '..' '..' 'out' 'Switchyard')
Import-Module (Join-Path $PSScriptRoot 'Compare.psm1')
$ceiling = ($Limits | Measure-Object -Maximum).Maximum

Add-Type -TypeDefinition (Get-LimitedServerSource)

# Runs one setting; tells items per second after settling and the last limit that was chosen.
function Measure-Setting([scriptblock] $Body, [hashtable] $Setting, [double] $Total, [double] $Settling) {
    $run = @{ Count = 0L; From = 0.0; FromCount = 0L; To = 0.0; Limit = $Setting.ThrottleLimit }
    if ($Setting.AutoThrottle) {
        $run.Limit = [Math]::Min([Environment]::ProcessorCount, $run.Limit)
    }

    $clock = [Diagnostics.Stopwatch]::StartNew()
    $feed = {
        $count = 0L
        while ($true) {
            $now = $clock.Elapsed.TotalSeconds
            if ($run.From -eq 0 -and $now -ge $Settling) {
                $run.From = $now
                $run.FromCount = $count
            }
            elseif ($now -ge $Total) {
                $run.To = $now
                $run.Count = $count
                break
            }

            $count++
            $count
        }
    }

    # What waits in the queue is the same before and after, so what was fed is what was done. The feed's break ends the pipeline
    # and the batch with it.
    do {
        & $feed | Invoke-ThreadedBatch $Body @Setting -Verbose 4>&1 | ForEach-Object {
            if ($_ -is [Management.Automation.VerboseRecord] -and $_.Message -match 'from \d+ to (\d+)') {
                $run.Limit = [int] $Matches[1]
            }
        }
    } while ($false)

    [pscustomobject]@{
        Rate  = ($run.Count - $run.FromCount) / ($run.To - $run.From)
        Limit = $run.Limit
    }
}

$lock = [object]::new()
$port = [LimitedServer]::Start(12, 30)
$work = [ordered]@{
    'pure CPU'                = { for ($i = 0; $i -lt 150000; $i++) { $x = $i % 7 } }
    'pure wait'               = { [Threading.Thread]::Sleep(60) }
    'mixed'                   = { for ($i = 0; $i -lt 60000; $i++) { $x = $i % 7 }; [Threading.Thread]::Sleep(12) }
    'lock-bound'              = {
        $lock = $using:lock
        [Threading.Thread]::Sleep(25)
        [Threading.Monitor]::Enter($lock)
        try { [Threading.Thread]::Sleep(4) } finally { [Threading.Monitor]::Exit($lock) }
    }
    'server of 12 places'     = {
        $client = [Net.Sockets.TcpClient]::new('127.0.0.1', $using:port)
        $null = $client.GetStream().ReadByte()
        $client.Dispose()
    }
    'very short items'        = { $null = $_ + 1 }
}

foreach ($name in $work.Keys) {
    if (-not ($Kind | Where-Object { $name -like $_ })) {
        continue
    }

    $body = $work[$name]
    $trials = foreach ($limit in $Limits) {
        Measure-Setting $body @{ ThrottleLimit = $limit } $FixedSeconds ($FixedSeconds / 2)
    }

    # The lowest of those that are as good as the best.
    $highest = ($trials | Measure-Object Rate -Maximum).Maximum
    $best = $trials | Where-Object Rate -GE (0.98 * $highest) | Select-Object -First 1
    $fixed = Measure-Setting $body @{ ThrottleLimit = $best.Limit } $Seconds $SettlingSeconds
    $auto = Measure-Setting $body @{ ThrottleLimit = $ceiling; AutoThrottle = $true } $Seconds $SettlingSeconds
    [pscustomobject]@{
        Work       = $name
        Best       = '{0:0.0}/s at {1}' -f $fixed.Rate, $fixed.Limit
        Auto       = '{0:0.0}/s' -f $auto.Rate
        Ratio      = '{0:0.00}' -f ($auto.Rate / $fixed.Rate)
        FinalLimit = $auto.Limit
        Trials     = ($trials | ForEach-Object { '{0}: {1:0}' -f $_.Limit, $_.Rate }) -join ', '
    }
}
