<#
.SYNOPSIS
    Switchyard's main job in one minute: real files through a pipe, one at a time and on threads.
.DESCRIPTION
    Builds the module if it is not built. Then it hashes the files of this repository twice, sequentially and with Invoke-ThreadedBatch,
    checks that both say the same, and shows the time of each. At last the same with work that waits, where threads pay even on one core.
.EXAMPLE
    ./docs/examples/quickstart.ps1
#>
param(
    # Where the files are: the repository that this script stands in, unless said otherwise.
    [string] $Path = (Join-Path $PSScriptRoot '..' '..')
)

$ErrorActionPreference = 'Stop'
if (-not (Get-Command Invoke-ThreadedBatch -ErrorAction Ignore)) {
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

$files = @(Get-ChildItem -LiteralPath $Path -Recurse -File)
'{0:n0} files, {1:n1} MB, {2} cores' -f $files.Count, (($files | Measure-Object Length -Sum).Sum / 1MB), [Environment]::ProcessorCount

# 1. Work that computes: hash every file.
$hash = { [Convert]::ToHexString([Security.Cryptography.SHA256]::HashData([IO.File]::ReadAllBytes($_.FullName))) + '  ' + $_.Name }

# Both ways once before the clock runs: the first run of any code pays for its compilation, the first batch for its workers.
$null = $files | ForEach-Object $hash
$null = $files | Invoke-ThreadedBatch $hash

$watch = [Diagnostics.Stopwatch]::StartNew()
$one = @($files | ForEach-Object $hash)
$sequential = $watch.Elapsed.TotalSeconds

$watch.Restart()
$many = @($files | Invoke-ThreadedBatch $hash -KeepOrder)
$threaded = $watch.Elapsed.TotalSeconds

if (($one -join "`n") -cne ($many -join "`n")) {
    throw 'The two runs disagree.'
}

'hash them all:       sequential {0,6:n2} s   threads {1,6:n2} s   {2,5:n1} x, the same {3:n0} hashes in the same order' -f `
    $sequential, $threaded, ($sequential / $threaded), $many.Count

# 2. Work that waits: what a download or an API call does to a script.
$wait = { Start-Sleep -Milliseconds 50; $_.Name }
$some = @($files | Select-Object -First 40)
$watch.Restart()
$null = $some | ForEach-Object $wait
$sequential = $watch.Elapsed.TotalSeconds

$watch.Restart()
$null = $some | Invoke-ThreadedBatch $wait -ThrottleLimit 20
$threaded = $watch.Elapsed.TotalSeconds
'wait 50 ms for each: sequential {0,6:n2} s   threads {1,6:n2} s   {2,5:n1} x' -f $sequential, $threaded, ($sequential / $threaded)

# 3. The first three hashes, as any pipeline takes them: what follows decides when the batch ends.
$files | Invoke-ThreadedBatch $hash -KeepOrder | Select-Object -First 3
