# The kinds of work of Choice.ps1, by name. The body of each writes one object. What a body needs beside the items is made by Setup, in the scope that
# runs it, where these are set: $count (the number of items), $folder (with files of the benchmark), $ports (of servers). Guess is a choice that is good
# enough to find out how many items take a given time. What is Tied would be other work in another process: it shares a lock or an object.

$cores = [Environment]::ProcessorCount
$threads, $many = "Threads $cores", 'Threads 64'

# Compiled code behind one lock of this process.
$locked = @'
public static class LockedWork
{
    private static readonly object _lock = new();
    public static double Compute(int steps)
    {
        lock (_lock)
        {
            double sum = 0;
            for (int i = 1; i <= steps; i++) { sum += System.Math.Sqrt(i); }
            return sum;
        }
    }
}
'@

$kinds = [ordered]@{
    'sleep 1 ms'             = @{ Guess = $many; Body = { [Threading.Thread]::Sleep(1); 1 } }
    'sleep 10 ms'            = @{ Guess = $many; Body = { Start-Sleep -Milliseconds 10; 1 } }
    'sleep 100 ms'           = @{ Guess = $many; Body = { Start-Sleep -Milliseconds 100; 1 } }
    'server, many places'    = @{
        Guess = $many
        Setup = { $port = $ports.Many }
        Body  = {
            $client = [Net.Sockets.TcpClient]::new('127.0.0.1', $using:port)
            $null = $client.GetStream().ReadByte()
            $client.Dispose()
            1
        }
    }
    'server of 4 places'     = @{
        Guess = 'Threads 8'
        Setup = { $port = $ports.Few }
        Body  = {
            $client = [Net.Sockets.TcpClient]::new('127.0.0.1', $using:port)
            $null = $client.GetStream().ReadByte()
            $client.Dispose()
            1
        }
    }
    'loop of 1 ms'           = @{ Guess = $threads; Body = { $x = 0; for ($i = 0; $i -lt 8000; $i++) { $x += $i % 7 }; 1 } }
    'loop of 20 ms'          = @{ Guess = $threads; Body = { $x = 0; for ($i = 0; $i -lt 160000; $i++) { $x += $i % 7 }; 1 } }
    'loop of 200 ms'         = @{ Guess = $threads; Body = { $x = 0; for ($i = 0; $i -lt 1600000; $i++) { $x += $i % 7 }; 1 } }
    'SHA-256 of 1 MB'        = @{
        Guess = $threads
        Setup = { $block = [byte[]]::new(1MB); [Random]::new(1).NextBytes($block) }
        Body  = { [Security.Cryptography.SHA256]::HashData($using:block)[0] }
    }
    'compression'            = @{
        Guess = $threads
        Setup = { $block = [Text.Encoding]::ASCII.GetBytes((1..20000 | ForEach-Object { "line $_ of $($_ * 7919 % 104729)" }) -join "`n") }
        Body  = {
            $to = [IO.MemoryStream]::new()
            $zip = [IO.Compression.GZipStream]::new($to, [IO.Compression.CompressionLevel]::Optimal)
            $zip.Write($using:block, 0, 200000)
            $zip.Dispose()
            $to.ToArray().Length
        }
    }
    'regex over a log'       = @{
        Guess = $threads
        Setup = { $log = (1..2000 | ForEach-Object { "2026-01-01T00:00:$($_ % 60) host$_ app[$_]: GET /path/$_ 200 $($_ * 7) ms" }) -join "`n" }
        Body  = { [regex]::Matches($using:log, '(\S+) host(\d+) \S+: GET (\S+) (\d+)').Count }
    }
    'JSON'                   = @{
        Guess = $threads
        Setup = { $json = 1..100 | ForEach-Object { [pscustomobject]@{ Id = $_; Name = "name $_"; Tags = 'a', 'b'; Size = $_ * 1.5 } } | ConvertTo-Json -Depth 4 }
        Body  = { ($using:json | ConvertFrom-Json | ConvertTo-Json -Depth 4).Length }
    }
    'a list of strings'      = @{
        Guess = $threads
        Body  = { $list = [Collections.Generic.List[string]]::new(); for ($i = 0; $i -lt 5000; $i++) { $list.Add("item $i of many") }; $list.Count }
    }
    'a table of objects'     = @{
        Guess = $threads
        Body  = { $all = @{}; for ($i = 0; $i -lt 2000; $i++) { $all["key $i"] = [pscustomobject]@{ Id = $i; Name = "name $i"; Parts = @($i, ($i + 1)) } }; $all.Count }
    }
    'one lock'               = @{
        Guess = $threads
        Tied  = $true
        Setup = { Add-Type -TypeDefinition $locked }
        Body  = { [LockedWork]::Compute(2000000) }
    }
    'memory bandwidth'       = @{
        Guess = $threads
        Setup = { $from, $to = [byte[]]::new(64MB), [byte[]]::new(64MB); [Random]::new(1).NextBytes($from) }
        Body  = { $slice = $_ % 8 * 8MB; [Buffer]::BlockCopy($using:from, $slice, $using:to, $slice, 8MB); 1 }
    }
    'small cached files'     = @{ Guess = $threads; Body = { [IO.File]::ReadAllText("$using:folder/small$($_ % 500)").Split(' ').Length } }
    'writing files'          = @{
        Guess = $threads
        Setup = { $text = 'a line of a file' * 2000 }
        Body  = { [IO.File]::WriteAllText("$using:folder/written-$PID-$([Environment]::CurrentManagedThreadId)", $using:text); 1 }
    }
    'loop and wait'          = @{ Guess = 'Threads 8'; Body = { $x = 0; for ($i = 0; $i -lt 16000; $i++) { $x += $i % 7 }; [Threading.Thread]::Sleep(10); 1 } }
    'bimodal waits'          = @{ Guess = $many; Body = { [Threading.Thread]::Sleep($(if ($_ % 10) { 5 } else { 100 })); 1 } }
    'bimodal loops'          = @{ Guess = $threads; Body = { $x = 0; $steps = if ($_ % 10) { 8000 } else { 160000 }; for ($i = 0; $i -lt $steps; $i++) { $x += $i % 7 }; 1 } }
    # Pareto's, in an order that is the same each time.
    'long tail of waits'     = @{ Guess = $many; Body = { [Threading.Thread]::Sleep([int][Math]::Min(1000, 5 / [Math]::Pow((1 + $_ * 7919 % 1009) / 1010, 0.8))); 1 } }
    'long tail of loops'     = @{ Guess = $threads; Body = { $x = 0; $steps = [int][Math]::Min(1600000, 8000 / [Math]::Pow((1 + $_ * 7919 % 1009) / 1010, 0.8)); for ($i = 0; $i -lt $steps; $i++) { $x += $i % 7 }; 1 } }
    'pairs in lock-step'     = @{
        Guess = $many
        Tied  = $true
        Setup = { $odd, $even = [Threading.SemaphoreSlim]::new(0), [Threading.SemaphoreSlim]::new(0) }
        Body  = {
            # Each waits for one of the other kind.
            $mine, $others = if ($_ % 2) { $using:odd, $using:even } else { $using:even, $using:odd }
            $null = $mine.Release()
            $null = $others.Wait(50)
            [Threading.Thread]::Sleep(2)
            1
        }
    }
    'waits, then computes'   = @{
        Guess = 'Threads 16'
        Body  = { if ($_ -le $using:count / 2) { [Threading.Thread]::Sleep(40) } else { $x = 0; for ($i = 0; $i -lt 40000; $i++) { $x += $i % 7 } }; 1 }
    }
    'computes, then waits'   = @{
        Guess = 'Threads 16'
        Body  = { if ($_ -gt $using:count / 2) { [Threading.Thread]::Sleep(40) } else { $x = 0; for ($i = 0; $i -lt 40000; $i++) { $x += $i % 7 } }; 1 }
    }
    'set-up of 0.5 s, loops' = @{
        Guess = $threads
        Body  = { if (-not $global:isSetUp) { Start-Sleep -Milliseconds 500; $global:isSetUp = $true }; $x = 0; for ($i = 0; $i -lt 40000; $i++) { $x += $i % 7 }; 1 }
    }
    'set-up of 0.3 s of CPU' = @{
        Guess = 'Threads 8'
        Body  = {
            if (-not $global:isSetUp) { $watch = [Diagnostics.Stopwatch]::StartNew(); while ($watch.ElapsedMilliseconds -lt 300) { }; $global:isSetUp = $true }
            [Threading.Thread]::Sleep(20)
            1
        }
    }
    'trivial'                = @{ Guess = 'Sequential'; Body = { $_ } }
    'a few microseconds'     = @{ Guess = 'Sequential'; Body = { "item $_ of $($_ % 7) kinds".ToUpperInvariant() } }
    'a module in the body'   = @{ Guess = $threads; Body = { Import-Module "$using:folder/Work.psm1"; Get-Work 12000 } }
    'a shared dictionary'    = @{
        Guess = $threads
        Tied  = $true
        Setup = { $seen = [Collections.Concurrent.ConcurrentDictionary[int, int]]::new() }
        Body  = { $x = 0; for ($i = 0; $i -lt 16000; $i++) { $x += $i % 7 }; $null = ($using:seen).TryAdd($_, $x); 1 }
        Check = { $seen.Count -eq $count }
    }
}

if (-not $IsWindows) {
    $kinds['program that waits'] = @{ Guess = $many; FilePath = 'sh'; ArgumentList = '-c', 'sleep 0.1; echo 1', '{}'; Sequential = { sh -c 'sleep 0.1; echo 1' $_ } }
    $kinds['program that computes'] = @{ Guess = $threads; FilePath = 'sh'; ArgumentList = '-c', 'exec sha256sum "$0"', "$folder/big", '{}'; Sequential = { sh -c 'exec sha256sum "$0"' "$folder/big" $_ } }
    $kinds['program of two processes'] = @{
        Guess        = 'Threads 1'
        FilePath     = 'sh'
        ArgumentList = '-c', 'sha256sum "$0" > /dev/null & sha256sum "$0" > /dev/null & wait; echo 1', "$folder/big", '{}'
        Sequential   = { sh -c 'sha256sum "$0" > /dev/null & sha256sum "$0" > /dev/null & wait; echo 1' "$folder/big" $_ }
    }
}

$kinds
