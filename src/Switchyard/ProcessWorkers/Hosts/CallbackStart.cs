namespace Switchyard.ProcessWorkers.Hosts;

/// <summary>What a PowerShell on another machine runs to be a worker that connects to its caller by itself.</summary>
internal static class CallbackStart
{
    // A name that leads nowhere answers late or not at all, so each is tried with a limit first; the connection itself is then made as one that blocks, as a
    // socket that has waited otherwise once stays slow. The certificate is the caller's, or nothing is shown.
    private const string Connect =
        """
        $port, $token, $print, $names = $text.Split(',')
        $text = $null
        $failures = @()
        foreach ($name in @(if (@($names).Count -gt 1) { $env:SLURM_LAUNCH_NODE_IPADDR }) + $names) {
            if (-not $name) { continue }
            $probe = [Net.Sockets.TcpClient]::new()
            $client = [Net.Sockets.TcpClient]::new()
            try {
                if (-not $probe.ConnectAsync($name, $port).Wait(5000)) { throw 'No answer within 5 s.' }
                $client.Connect($name, $port)
                $client.NoDelay = $true
                $client.Client.SetSocketOption('Socket', 'KeepAlive', $true)
                $output = [Net.Security.SslStream]::new($client.GetStream(), $false, { param($sender, $certificate) $certificate.GetCertHashString([Security.Cryptography.HashAlgorithmName]::SHA256) -eq $print })
                $output.AuthenticateAsClient('switchyard')
                break
            } catch { $client.Dispose(); $output = $null; $failures += "${name}: $($_.Exception.GetBaseException().Message)" }
            finally { $probe.Dispose() }
        }
        if (-not $output) { throw "The caller cannot be reached from here at port $port. $failures" }
        $own = [Text.Encoding]::ASCII.GetBytes($(if ($env:SLURMD_NODENAME) { $env:SLURMD_NODENAME } else { [Environment]::MachineName }))
        $output.Write([byte[]](@([Convert]::FromHexString($token)) + [byte]$own.Length + $own)); $output.Flush()
        $input2 = $output
        $token = $null
        [AppDomain]::CurrentDomain.SetData('<#data#>', [IO.Stream[]](@($output, $output) + $lifeline))
        """;

    // A line, and nothing of what comes after it.
    private const string FromInput =
        """
        $lifeline = [Console]::OpenStandardInput()
        $text = ''
        while (($byte = $lifeline.ReadByte()) -gt 10) { $text += [char]$byte }

        """;

    // What the worker starts has no use for it.
    private const string FromEnvironment =
        """
        $lifeline = @()
        $text = $env:SWITCHYARD_CONNECTION
        $env:SWITCHYARD_CONNECTION = $null
        if (-not $text) { throw 'SWITCHYARD_CONNECTION is not set.' }

        """;

    /// <summary>The arguments of a PowerShell that is told on its standard input where to connect to; the end of that input then ends it.</summary>
    public static IReadOnlyList<string> ArgumentsOverInput => ["-NoProfile", "-NonInteractive", "-EncodedCommand", FarStart.Encode(Create(FromInput))];

    /// <summary>The arguments of a PowerShell that finds in its environment where to connect to.</summary>
    public static IReadOnlyList<string> ArgumentsOverEnvironment => ["-NoProfile", "-NonInteractive", "-EncodedCommand", FarStart.Encode(Create(FromEnvironment))];

    private static string Create(string source) => FarStart.Create((source + Connect).Replace("<#data#>", WorkerEntryPoint.StreamsData, StringComparison.Ordinal));
}
