<#
.SYNOPSIS
    Compares what Measure-Bottleneck recommends with the best of all fixed choices on seventeen kinds of work.
.DESCRIPTION
    Each choice (one after another, threads, processes, at several sizes) is fed without end and stopped by the clock; its throughput is that of the time
    after it has settled. Regret is 1 - throughput of what was recommended / throughput of the best choice. Both of these run once more, one right
    after the other, because the highest of several noisy figures flatters. What shares a lock or meets a partner is tried on threads only:
    in another process it would be other work.
#>
param(
    [string[]] $Kind = '*',
    [int[]] $Threads = @(1, 2, 4, 8, 16, 32, 64),
    [int[]] $Processes = @(1, 2, 4),
    [double] $Seconds = 1.5,
    [switch] $Validate,
    [switch] $Detailed
)

$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot '..' '..' 'out' 'Switchyard')
Import-Module (Join-Path $PSScriptRoot 'Compare.psm1')

Add-Type -TypeDefinition (Get-LimitedServerSource)

# Runs one choice; tells items per second after settling. Each item writes one object, and these are counted: what was fed may still wait.
function Measure-Choice([string] $Command, [hashtable] $Setting, [double] $Total, [double] $Settling) {
    $run = @{ Done = 0L; From = 0.0; FromDone = 0L; To = 0.0; ToDone = 0L }
    $clock = [Diagnostics.Stopwatch]::StartNew()
    $feed = {
        $count = 0L
        while ($true) {
            if ($run.To -gt 0) {
                break
            }

            $count++
            $count
        }
    }
    $look = {
        process {
            $run.Done++
            $now = $clock.Elapsed.TotalSeconds
            if ($run.From -eq 0 -and $now -ge $Settling) {
                $run.From = $now
                $run.FromDone = $run.Done
            }
            elseif ($now -ge $Total -and $run.To -eq 0) {
                $run.To = $now
                $run.ToDone = $run.Done
            }
        }
    }

    # The feed's break ends the pipeline with it.
    do { & $feed | & $Command @Setting | & $look } while ($false)
    ($run.ToDone - $run.FromDone) / ($run.To - $run.From)
}

function Measure-Named([string] $Name, [hashtable] $Work) {
    $longer = if ($Name -like 'Processes*') { 2.5 } else { 0.7 }
    $way, $width = $Name -split ' '
    if ($way -eq 'Sequential') {
        return Measure-Choice ForEach-Object @{ Process = $Work.Sequential } ($longer + $Seconds) $longer
    }

    $setting = $Work.Setting.Clone()
    $setting.ThrottleLimit = [int] $width
    Measure-Choice $(if ($way -eq 'Processes') { 'Invoke-ProcessBatch' } else { 'Invoke-ThreadedBatch' }) $setting ($longer + $Seconds) $longer
}

$folder = New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) ([guid]::NewGuid()))
try {
    $block = [byte[]]::new(1MB)
    [Random]::new(1).NextBytes($block)
    $big = Join-Path $folder 'big'
    [IO.File]::WriteAllBytes($big, [byte[]](@($block) * 4))
    1..500 | ForEach-Object { [IO.File]::WriteAllBytes((Join-Path $folder "small$_"), [byte[]]::new(4096)) }
    $log = (1..2000 | ForEach-Object { "2026-01-01T00:00:$($_ % 60) host$_ app[$_]: GET /path/$_ 200 $($_ * 7) ms" }) -join "`n"
    $record = 1..100 | ForEach-Object { [pscustomobject]@{ Id = $_; Name = "name $_"; Tags = 'a', 'b'; Size = $_ * 1.5 } }
    $json = $record | ConvertTo-Json -Depth 4
    $lock = [object]::new()
    $odd = [Threading.SemaphoreSlim]::new(0)
    $even = [Threading.SemaphoreSlim]::new(0)
    $fast = [LimitedServer]::Start(1000, 20)
    $limited = [LimitedServer]::Start(6, 20)

    $kinds = [ordered]@{
        'native hash'         = { $null = [Security.Cryptography.SHA256]::HashData($using:block) }
        'native compression'  = {
            $to = [IO.MemoryStream]::new()
            $zip = [IO.Compression.GZipStream]::new($to, [IO.Compression.CompressionLevel]::Optimal)
            $zip.Write($using:block, 0, 200000)
            $zip.Dispose()
        }
        'interpreter loop'    = { $x = 0; for ($i = 0; $i -lt 20000; $i++) { $x += $i % 7 } }
        'allocation'          = { $list = [Collections.Generic.List[string]]::new(); for ($i = 0; $i -lt 5000; $i++) { $list.Add("item $i of many") } }
        'regex over a log'    = { $null = [regex]::Matches($using:log, '(\S+) host(\d+) \S+: GET (\S+) (\d+)').Count }
        'JSON'                = { $null = $using:json | ConvertFrom-Json | ConvertTo-Json -Depth 4 }
        'sleep'               = { Start-Sleep -Milliseconds 20 }
        'server, 20 ms'       = {
            $client = [Net.Sockets.TcpClient]::new('127.0.0.1', $using:fast)
            $null = $client.GetStream().ReadByte()
            $client.Dispose()
        }
        'server of 6 places'  = {
            $client = [Net.Sockets.TcpClient]::new('127.0.0.1', $using:limited)
            $null = $client.GetStream().ReadByte()
            $client.Dispose()
        }
        'small cached files'  = { $null = [IO.File]::ReadAllBytes("$using:folder/small$($_ % 500 + 1)").Length }
        'fsync'               = {
            $file = [IO.FileStream]::new("$using:folder/sync$PID-$([Environment]::CurrentManagedThreadId)", 'Create')
            $file.Write($using:block, 0, 4096)
            $file.Flush($true)
            $file.Dispose()
        }
        'one lock'            = {
            $lock = $using:lock
            [Threading.Monitor]::Enter($lock)
            try { for ($i = 0; $i -lt 5000; $i++) { $x = $i % 7 } } finally { [Threading.Monitor]::Exit($lock) }
        }
        'pairs in lock-step'  = {
            # Each waits for one of the other kind.
            $mine, $others = if ($_ % 2) { $using:odd, $using:even } else { $using:even, $using:odd }
            $null = $mine.Release()
            $null = $others.Wait(50)
            [Threading.Thread]::Sleep(2)
        }
        'mixed'               = { for ($i = 0; $i -lt 10000; $i++) { $x = $i % 7 }; [Threading.Thread]::Sleep(10) }
        'program, computes'   = @{ FilePath = 'sh'; ArgumentList = '-c', 'exec sha256sum "$0"', $big, '{}'; Sequential = { sh -c 'exec sha256sum "$0"' $big } }
        'program, waits'      = @{ FilePath = 'sh'; ArgumentList = '-c', 'sleep 0.05; echo 1', '{}'; Sequential = { sh -c 'sleep 0.05; echo 1' } }
        'hardly anything'     = { $null = $_ + 1 }
    }

    $onThreadsOnly = 'one lock', 'pairs in lock-step'
    foreach ($name in $kinds.Keys) {
        if (-not ($Kind | Where-Object { $name -like $_ })) {
            continue
        }

        $work = $kinds[$name]
        if ($work -is [scriptblock]) {
            $body = "$work`n1"
            $work = @{ Setting = @{ ScriptBlock = [scriptblock]::Create($body) }; Sequential = [scriptblock]::Create(($body -replace '\$using:', '$')) }
        }
        else {
            $work = @{ Setting = @{ FilePath = $work.FilePath; ArgumentList = $work.ArgumentList }; Sequential = $work.Sequential }
        }

        $setting = $work.Setting
        $clock = [Diagnostics.Stopwatch]::StartNew()
        $report = 1..100000 | Measure-Bottleneck @setting -Validate:$Validate
        $sampling = $clock.Elapsed.TotalSeconds

        $choices = @('Sequential') + @($Threads | ForEach-Object { "Threads $_" })
        if ($name -notin $onThreadsOnly -and -not $setting.FilePath) {
            $choices += $Processes | ForEach-Object { "Processes $_" }
        }

        $rates = [ordered]@{}
        foreach ($choice in $choices) {
            $rates[$choice] = Measure-Named $choice $work
        }

        $best = ($rates.GetEnumerator() | Sort-Object Value -Descending | Select-Object -First 1).Key
        $ours = if ($report.Recommendation -ne 'Sequential') { "$($report.Recommendation) $($report.ThrottleLimit)" }
            elseif ($report.CommandName -eq 'ForEach-Object') { 'Sequential' }
            else { 'Threads 1' }
        $top = $rates[$best]
        $own = $top
        if ($ours -ne $best) {
            # Twice each, in turn.
            $pairs = 1..2 | ForEach-Object { , @((Measure-Named $best $work), (Measure-Named $ours $work)) }
            $top = ($pairs | ForEach-Object { $_[0] } | Measure-Object -Average).Average
            $own = ($pairs | ForEach-Object { $_[1] } | Measure-Object -Average).Average
        }

        [pscustomobject]@{
            Work        = $name
            Bottleneck  = $report.Bottleneck
            Recommended = $ours
            Best        = $best
            Regret      = '{0:p1}' -f [Math]::Max(0.0, 1 - $own / $top)
            Expected    = '{0:0.00} x' -f $report.ExpectedSpeedup
            Sampling    = '{0:0.0} s, {1} items' -f $sampling, $report.SampledCount
        }
        if ($Detailed) {
            $report.Evidence | ForEach-Object { Write-Host "    $_" }
            Write-Host ('    ' + (($rates.GetEnumerator() | ForEach-Object { '{0}: {1:0.#}' -f $_.Key, $_.Value }) -join ', '))
        }
    }
}
finally {
    Remove-Item -LiteralPath $folder -Recurse -Force
}
