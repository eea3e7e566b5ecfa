using Switchyard.Core.Processes;
using Switchyard.Core.Protocol;

namespace Switchyard.ProcessWorkers.Hosts;

/// <summary>
/// What a PowerShell on another machine runs to be a worker: it asks for the module's files if it does not have them, keeps them for the next time, and imports
/// them. It needs nothing there but PowerShell.
/// </summary>
internal static class FarStart
{
    // What is told by the exit code: the text beside it says what is wrong, and nothing of that goes away by trying again.
    private const int Failed = 120;
    private const int NotFound = 127;

    // Nothing is written before it is known that the frames are all that this process writes. The files are moved into place whole, as several workers may
    // bring them at once. Those that were not used for a month are of builds that nobody has any more.
    private const string Script =
        """
        $ErrorActionPreference = 'Stop'
        $ProgressPreference = 'SilentlyContinue'
        try {
            if ($PSVersionTable.PSVersion -lt [version]'7.4') { throw "PowerShell $($PSVersionTable.PSVersion) in '$PSHOME' is too old: 7.4 or later is needed." }
            if ($ExecutionContext.SessionState.LanguageMode -ne 'FullLanguage') { throw "PowerShell in '$PSHOME' is restricted to $($ExecutionContext.SessionState.LanguageMode)." }
            <#streams#>
            $root = if ($env:XDG_CACHE_HOME) { $env:XDG_CACHE_HOME } elseif ($IsWindows) { [Environment]::GetFolderPath('LocalApplicationData') } elseif ($HOME) { "$HOME/.cache" } else { throw 'The user there has no home folder. Set XDG_CACHE_HOME.' }
            $root = [IO.Path]::Combine($root, 'switchyard', 'modules')
            $folder = [IO.Path]::Combine($root, '<#hash#>')
            if (-not [IO.File]::Exists("$folder/Switchyard.dll")) {
                if (-not $output) { $output = [Console]::OpenStandardOutput(); $input2 = [Console]::OpenStandardInput() }
                $output.Write([byte[]](<#need#>)); $output.Flush()
                $header = [byte[]]::new(5); $input2.ReadExactly($header, 0, 5)
                if ($header[4] -ne <#module#>) { throw 'The caller did not send the module.' }
                $bytes = [byte[]]::new([BitConverter]::ToInt32($header, 0)); $input2.ReadExactly($bytes, 0, $bytes.Length)
                $own = [IO.Path]::Combine($root, '.' + [guid]::NewGuid().ToString('N'))
                try {
                    $null = [IO.Directory]::CreateDirectory($own)
                    [IO.Compression.ZipFile]::ExtractToDirectory([IO.MemoryStream]::new($bytes), $own)
                    try { [IO.Directory]::Move($own, $folder) } catch { if (-not [IO.File]::Exists("$folder/Switchyard.dll")) { throw } }
                } catch { throw "The module cannot be kept in '$root': $($_.Exception.GetBaseException().Message)" }
                finally { if ([IO.Directory]::Exists($own)) { [IO.Directory]::Delete($own, $true) } }
                foreach ($old in [IO.Directory]::GetDirectories($root)) {
                    if ([IO.Directory]::GetLastWriteTimeUtc($old) -lt [datetime]::UtcNow.AddDays(-30)) { try { [IO.Directory]::Delete($old, $true) } catch { } }
                }
            } else { try { [IO.Directory]::SetLastWriteTimeUtc($folder, [datetime]::UtcNow) } catch { } }
            $env:<#marker#> = "$PID<#far#>"
            Import-Module -Name "$folder/Switchyard.dll"
        } catch { [Console]::Error.WriteLine($_.Exception.Message); exit <#failed#> }
        """;

    /// <summary>The arguments of a PowerShell that is to be a worker over its standard input and output.</summary>
    public static IReadOnlyList<string> Arguments => ["-NoProfile", "-NonInteractive", "-EncodedCommand", Encode(Create(string.Empty))];

    /// <summary>The script.</summary>
    /// <param name="streams">What sets <c>$input2</c> and <c>$output</c> and gives them to the module; nothing for standard input and output.</param>
    public static string Create(string streams) => Script
        .Replace("<#streams#>", streams, StringComparison.Ordinal)
        .Replace("<#hash#>", ModulePackage.Hash, StringComparison.Ordinal)
        .Replace("<#need#>", string.Join(',', FrameStream.BareFrame(FrameKind.NeedModule)), StringComparison.Ordinal)
        .Replace("<#module#>", ((int)FrameKind.Module).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("<#marker#>", WorkerEntryPoint.Marker, StringComparison.Ordinal)
        .Replace("<#far#>", WorkerEntryPoint.FarMark, StringComparison.Ordinal)
        .Replace("<#failed#>", Failed.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    /// <summary>A script as a command line takes it that goes through shells of any kind.</summary>
    public static string Encode(string script) => Convert.ToBase64String(Encoding.Unicode.GetBytes(script));

    /// <summary>Whether what a far end ended with stays wrong however often it is tried.</summary>
    public static bool IsFinal(ExitReason? reason) => reason?.ExitCode is Failed or NotFound;
}
