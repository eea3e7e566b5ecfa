# What the benchmarks share.

function Get-Median([double[]] $Values) {
    $sorted = @($Values | Sort-Object)
    $sorted[[int][Math]::Floor($sorted.Count / 2)]
}

# Runs each contestant once unmeasured, then in turn; tells the seconds per item of each round. A contestant is the number of its items and a
# block; or 'reported' and a block that measures itself and writes the seconds per item.
function Measure-Work([System.Collections.IDictionary] $Contestants, [int] $Rounds) {
    $times = @{}
    $Contestants.Keys | ForEach-Object { $times[$_] = [System.Collections.Generic.List[double]]::new() }
    foreach ($round in 0..$Rounds) {
        foreach ($name in $Contestants.Keys) {
            [GC]::Collect()
            $count, $work = $Contestants[$name]
            $watch = [Diagnostics.Stopwatch]::StartNew()
            $written = & $work
            $seconds = if ($count -eq 'reported') { [double] @($written)[-1] } else { $watch.Elapsed.TotalSeconds / $count }
            if ($round -gt 0) {
                $times[$name].Add($seconds)
            }
        }
    }

    $times
}

# Medians as ratios to ours.
function Compare-Work([string] $Title, [string] $Ours, [System.Collections.IDictionary] $Contestants, [int] $Rounds = 7) {
    $times = Measure-Work $Contestants $Rounds
    $base = Get-Median $times[$Ours]
    foreach ($name in $Contestants.Keys) {
        $all = @($times[$name] | Sort-Object)
        [pscustomobject]@{
            Work     = $Title
            Command  = $name
            MedianUs = [Math]::Round((Get-Median $all) * 1e6, 2)
            MinUs    = [Math]::Round($all[0] * 1e6, 2)
            MaxUs    = [Math]::Round($all[-1] * 1e6, 2)
            Ratio    = [Math]::Round((Get-Median $all) / $base, 2)
        }
    }
}

# A server that serves so many connections at a time, each for so long; the others wait.
function Get-LimitedServerSource {
    @'
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

public static class LimitedServer
{
    public static int Start(int capacity, int milliseconds)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        var places = new SemaphoreSlim(capacity);
        listener.Start(512);
        _ = Accept(listener, places, milliseconds);
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task Accept(TcpListener listener, SemaphoreSlim places, int milliseconds)
    {
        while (true)
        {
            _ = Serve(await listener.AcceptTcpClientAsync(), places, milliseconds);
        }
    }

    private static async Task Serve(TcpClient client, SemaphoreSlim places, int milliseconds)
    {
        using (client)
        {
            await places.WaitAsync();
            await Task.Delay(milliseconds);
            places.Release();
            try { await client.GetStream().WriteAsync(new byte[1], 0, 1); }
            catch (System.IO.IOException) { }
        }
    }
}
'@
}

Export-ModuleMember -Function Get-Median, Measure-Work, Compare-Work, Get-LimitedServerSource
