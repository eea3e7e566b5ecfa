<#
.SYNOPSIS
    Compares executables through Invoke-ThreadedBatch with xargs and GNU parallel, side by side in one run.
.DESCRIPTION
    Unix only, where those are. Two slots, the same program, the same files. Before it measures, it checks that all give the same
    output, byte by byte and in order where the contestant keeps one.
#>
param(
    [int] $Rounds = 7,
    [int] $Items = 1000
)

$ErrorActionPreference = 'Stop'
if ($IsWindows -or -not (Get-Command xargs -CommandType Application -ErrorAction Ignore)) {
    'xargs is not installed: executables were not compared.'
    return
}

Import-Module (Join-Path $PSScriptRoot '..' '..' 'out' 'Switchyard')
Import-Module (Join-Path $PSScriptRoot 'Compare.psm1')
$parallel = Get-Command parallel -CommandType Application -ErrorAction Ignore | Select-Object -First 1
if (-not $parallel) {
    Write-Host 'GNU parallel is not installed and was left out.'
}

$folder = Join-Path ([IO.Path]::GetTempPath()) "switchyard-bench-$PID"
$null = New-Item -ItemType Directory -Path $folder
try {
    # Some text that gzip has a few milliseconds of work with.
    $files = foreach ($i in 1..40) {
        $path = Join-Path $folder "file $i.txt"
        Set-Content -LiteralPath $path -Value (1..6000 | ForEach-Object { "line $_ of $i, $($_ * $i % 9973)" })
        Get-Item -LiteralPath $path
    }

    $list = Join-Path $folder 'list'
    Set-Content -LiteralPath $list -Value $files.FullName
    $numbers = Join-Path $folder 'numbers'
    Set-Content -LiteralPath $numbers -Value (1..$Items)

    $ours = 'Invoke-ThreadedBatch'
    $sums = @($files | Invoke-ThreadedBatch -FilePath sha256sum -ThrottleLimit 2 -KeepOrder) -join "`n"
    $theirs = @(sh -c "xargs -d '\n' -n1 -P1 sha256sum < '$list'") -join "`n"
    if ($sums -cne $theirs) {
        throw 'sha256sum by xargs and by the batch disagree.'
    }

    $true_ = [ordered]@{
        $ours      = $Items, { 1..$Items | Invoke-ThreadedBatch -FilePath true -ThrottleLimit 2 }
        'xargs -P2' = $Items, { sh -c "xargs -n1 -P2 true < '$numbers'" }
    }
    $gzip = [ordered]@{
        $ours      = $files.Count, { $files | Invoke-ThreadedBatch -FilePath gzip -ArgumentList '-9c' -AsByteStream -ThrottleLimit 2 }
        'xargs -P2' = $files.Count, { sh -c "xargs -d '\n' -n1 -P2 gzip -9c < '$list' > /dev/null" }
    }
    if ($parallel) {
        $byParallel = @(& $parallel -k -j2 -a $list sha256sum) -join "`n"
        if ($sums -cne $byParallel) {
            throw 'sha256sum by GNU parallel and by the batch disagree.'
        }

        $true_['parallel -j2'] = 200, { sh -c "head -200 '$numbers' | '$($parallel.Source)' -j2 true" }
        $gzip['parallel -j2'] = $files.Count, { sh -c "'$($parallel.Source)' -j2 -a '$list' gzip -9c > /dev/null" }
    }

    Compare-Work "$Items x true, 2 slots" $ours $true_ -Rounds $Rounds | Format-Table -AutoSize
    Compare-Work 'gzip -9, 2 slots' $ours $gzip -Rounds $Rounds | Format-Table -AutoSize
}
finally {
    Remove-Item -LiteralPath $folder -Recurse
}
