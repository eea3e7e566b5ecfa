<#
.SYNOPSIS
    Compares shared objects with Python's multiprocessing: the same operations, by two processes at once, in one run.
.DESCRIPTION
    Figures are microseconds an operation, over all processes. Python's Manager needs a lock around what changes a value of its own; here
    that is one operation.
#>
param([int] $Rounds = 3, [int] $Count = 20000)

$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot '..' '..' 'out' 'Switchyard')

$python = @'
import multiprocessing as mp, sys, time

def get(d, lock, q, v, n):
    for i in range(n): d['x']

def count(d, lock, q, v, n):
    for i in range(n):
        with lock: d['x'] += 1

def put(d, lock, q, v, n):
    for i in range(n): q.put(i)

def take(d, lock, q, v, n):
    for i in range(n): q.get()

def value(d, lock, q, v, n):
    for i in range(n):
        with v.get_lock(): v.value += 1

if __name__ == '__main__':
    n = int(sys.argv[1])
    manager = mp.Manager()
    shared = manager.dict(x=0), manager.Lock(), manager.Queue(), mp.Value('q', 0)
    for work in get, count, put, take, value:
        workers = [mp.Process(target=work, args=(*shared, n)) for _ in range(2)]
        start = time.perf_counter()
        for w in workers: w.start()
        for w in workers: w.join()
        print(work.__name__, (time.perf_counter() - start) / (2 * n) * 1e6)
'@

$dictionary, $queue, $counter = (New-SharedState Dictionary -Initial @{ x = 0 }), (New-SharedState Queue), (New-SharedState Counter)
$work = [ordered]@{
    get   = { param($n) $d = $using:dictionary; for ($i = 0; $i -lt $n; $i++) { $null = $d['x'] } }
    count = { param($n) $d = $using:dictionary; for ($i = 0; $i -lt $n; $i++) { $null = $d.AddOrUpdate('x', 0, 1) } }
    put   = { param($n) $q = $using:queue; for ($i = 0; $i -lt $n; $i++) { $q.Enqueue($i) } }
    take  = { param($n) $q = $using:queue; for ($i = 0; $i -lt $n; $i++) { $null = $q.Dequeue() } }
    value = { param($n) $c = $using:counter; for ($i = 0; $i -lt $n; $i++) { $null = $c.Increment() } }
}
$names = @{
    get = 'read a key'; count = 'add to a key'; put = 'put into the queue'; take = 'take from the queue'; value = 'count (Python: shared memory)'
}
foreach ($body in $work.Values) {
    1..2 | Invoke-ProcessBatch $body -ArgumentList 3000 -ThrottleLimit 2
}

function Measure-Ours([string] $Command, [string] $What) {
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    1..2 | & $Command $work[$What] -ArgumentList $Count -ThrottleLimit 2
    $watch.Elapsed.TotalMilliseconds * 1000 / (2 * $Count)
}

$rows = foreach ($round in 1..$Rounds) {
    $theirs = @{}
    if (Get-Command python3 -ErrorAction Ignore) {
        $file = New-TemporaryFile
        Set-Content -LiteralPath $file $python
        python3 $file $Count | ForEach-Object { $name, $time = -split $_; $theirs[$name] = [double]$time }
        Remove-Item -LiteralPath $file
    }

    foreach ($what in $work.Keys) {
        [pscustomobject]@{ What = $what; Processes = Measure-Ours Invoke-ProcessBatch $what; Threads = Measure-Ours Invoke-ThreadedBatch $what; Python = $theirs[$what] }
    }
}

if (-not (Get-Command python3 -ErrorAction Ignore)) { 'python3 is not installed: compared with nothing.' }
Import-Module (Join-Path $PSScriptRoot 'Compare.psm1')
foreach ($group in $rows | Group-Object What) {
    $median = @{}
    foreach ($column in 'Processes', 'Threads', 'Python') {
        $median[$column] = Get-Median @($group.Group.$column | Where-Object { $null -ne $_ })
    }

    [pscustomobject]@{
        Operation    = $names[$group.Name]
        ProcessesUs  = [math]::Round($median.Processes, 1)
        ThreadsUs    = [math]::Round($median.Threads, 2)
        PythonUs     = [math]::Round($median.Python, 1)
        TimesPython  = if ($median.Python) { [math]::Round($median.Python / $median.Processes, 1) }
    }
}

$dictionary.Dispose(); $queue.Dispose(); $counter.Dispose()
