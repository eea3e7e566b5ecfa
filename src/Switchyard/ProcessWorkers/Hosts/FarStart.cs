using System.IO.Compression;
using Switchyard.Core.Processes;
using Switchyard.Core.Protocol;
using Switchyard.Core.Transports;
using Switchyard.Errors;

namespace Switchyard.ProcessWorkers.Hosts;

/// <summary>
/// What a PowerShell on another machine runs to be a worker: it asks for the module's files if it does not have them, keeps them for the next time, and imports
/// them. It needs nothing there but PowerShell.
/// </summary>
internal static class FarStart
{
    // What a shell ends with. Nothing of that goes away by trying again.
    private const int NotRunnable = 126;
    private const int NotFound = 127;

    // As ssh has it. The caller has gone, or the way to it.
    private const int Lost = 255;

    // Read by every PowerShell that there is, in every language mode. The rest comes packed, as Windows' shell takes no more than 8,191 characters.
    private const string Beginning =
        """
        $ErrorActionPreference = 'Stop'
        $ProgressPreference = 'SilentlyContinue'
        try {
        if ($PSVersionTable.PSVersion -lt [version]'7.4') { throw "PowerShell $($PSVersionTable.PSVersion) in '$PSHOME' is too old: 7.4 or later is needed. -PowerShellPath names another." }
        if ($ExecutionContext.SessionState.LanguageMode -ne 'FullLanguage') { throw "PowerShell in '$PSHOME' is restricted to $($ExecutionContext.SessionState.LanguageMode)." }
        . ([scriptblock]::Create([IO.StreamReader]::new([IO.Compression.DeflateStream]::new([IO.MemoryStream]::new([Convert]::FromBase64String('<#script#>')), [IO.Compression.CompressionMode]::Decompress)).ReadToEnd()))
        } catch { $text = $_.Exception.Message; try { [Console]::Error.WriteLine($text) } catch { $text }; exit <#failed#> }
        """;

    // Nothing is written before it is known that the frames are all that this process writes. The files are moved into place whole, as several workers may
    // bring them at once. Those that were not used for a month are of old builds; one that another worker removes meanwhile, or whose
    // time may not be set, stays for the next to look at. Where the user's cache is not to be had, it is a
    // folder of temporary files that is only this user's.
    private const string Script =
        """
        <#streams#>
        $cache = if ($env:XDG_CACHE_HOME) { $env:XDG_CACHE_HOME } elseif ($IsWindows) { [Environment]::GetFolderPath('LocalApplicationData') } elseif ($HOME) { "$HOME/.cache" }
        $own = "$([IO.Path]::GetTempPath())switchyard-$([Environment]::UserName)"
        $failures = @()
        $folder = $null
        foreach ($place in @($cache, $own) -ne $null) {
            $root = [IO.Path]::Combine($place, 'switchyard', 'modules')
            $wanted = [IO.Path]::Combine($root, '<#hash#>')
            try {
                if ($place -eq $own -and -not $IsWindows) {
                    $null = [IO.Directory]::CreateDirectory($own, 448)
                    $item = Get-Item -LiteralPath $own -Force
                    if ($item.UnixMode -ne 'drwx------' -or $item.User -ne [Environment]::UserName) { throw 'The folder is not only of this user.' }
                }
                if (-not [IO.File]::Exists("$wanted/Switchyard.dll")) {
                    if (-not $bytes) {
                        if (-not $output) { $output = [Console]::OpenStandardOutput(); $input2 = [Console]::OpenStandardInput() }
                        try {
                            $output.Write([byte[]](<#need#>)); $output.Flush()
                            $header = [byte[]]::new(5); $input2.ReadExactly($header, 0, 5)
                            if ($header[4] -ne <#module#>) { exit <#lost#> }
                            $bytes = [byte[]]::new([BitConverter]::ToInt32($header, 0)); $input2.ReadExactly($bytes, 0, $bytes.Length)
                        } catch { exit <#lost#> }
                    }
                    $new = [IO.Path]::Combine($root, '.' + [guid]::NewGuid().ToString('N'))
                    try {
                        $null = [IO.Directory]::CreateDirectory($new)
                        [IO.Compression.ZipFile]::ExtractToDirectory([IO.MemoryStream]::new($bytes), $new)
                        try { [IO.Directory]::Move($new, $wanted) } catch { if (-not [IO.File]::Exists("$wanted/Switchyard.dll")) { throw } }
                    } finally { if ([IO.Directory]::Exists($new)) { [IO.Directory]::Delete($new, $true) } }
                    foreach ($old in [IO.Directory]::GetDirectories($root)) {
                        if ([IO.Directory]::GetLastWriteTimeUtc($old) -lt [datetime]::UtcNow.AddDays(-30)) { try { [IO.Directory]::Delete($old, $true) } catch { } }
                    }
                } else { try { [IO.Directory]::SetLastWriteTimeUtc($wanted, [datetime]::UtcNow) } catch { } }
                $folder = $wanted
                break
            } catch { $failures += "$($_.Exception.GetBaseException().Message)" }
        }
        if (-not $folder) { throw "The module can be kept nowhere: $failures Set XDG_CACHE_HOME there to a folder that can be written and has room." }
        $env:<#marker#> = "$PID<#far#>"
        Import-Module -Name "$folder/Switchyard.dll"
        """;

    /// <summary>The arguments of a PowerShell that is to be a worker over its standard input and output.</summary>
    public static IReadOnlyList<string> Arguments => ["-NoProfile", "-NonInteractive", "-EncodedCommand", Encode(Create(string.Empty))];

    /// <param name="streams">What sets <c>$input2</c> and <c>$output</c> and gives them to the module; nothing for standard input and output.</param>
    public static string Create(string streams) => Beginning
        .Replace("<#failed#>", ProcessErrors.FarRefusalCode.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("<#script#>", Pack(Script
            .Replace("<#streams#>", streams, StringComparison.Ordinal)
            .Replace("<#hash#>", ModulePackage.Hash, StringComparison.Ordinal)
            .Replace("<#need#>", string.Join(',', FrameStream.BareFrame(FrameKind.NeedModule)), StringComparison.Ordinal)
            .Replace("<#module#>", ((int)FrameKind.Module).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("<#lost#>", Lost.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("<#marker#>", WorkerEntryPoint.Marker, StringComparison.Ordinal)
            .Replace("<#far#>", WorkerEntryPoint.FarMark, StringComparison.Ordinal)), StringComparison.Ordinal);

    /// <summary>A script as a command line takes it that goes through shells of any kind.</summary>
    public static string Encode(string script) => Convert.ToBase64String(Encoding.Unicode.GetBytes(script));

    /// <summary>Whether what a worker's start ended with stays wrong however often it is tried.</summary>
    public static bool IsFinal(ExitReason? reason) => reason?.ExitCode is ProcessErrors.FarRefusalCode or NotRunnable or NotFound;

    /// <summary>Whether what was started there came to its end without having been a worker, and not by a signal or a lost connection.</summary>
    public static bool HasEndedItself(TransportStartException cause) => cause is { IsBeforeHello: true, Exit: { SignalName: null, ExitCode: < NotRunnable } };

    private static string Pack(string script)
    {
        using MemoryStream packed = new();
        using (DeflateStream deflate = new(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            deflate.Write(Encoding.UTF8.GetBytes(script.Replace("    ", string.Empty, StringComparison.Ordinal)));
        }

        return Convert.ToBase64String(packed.ToArray());
    }
}
