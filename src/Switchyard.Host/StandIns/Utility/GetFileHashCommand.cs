using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Security.Cryptography;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for Get-FileHash.</summary>
[Cmdlet(VerbsCommon.Get, "FileHash", DefaultParameterSetName = "Path")]
[OutputType(typeof(FileHashInfo))]
public sealed class GetFileHashCommand : PSCmdlet
{
    [Parameter(Mandatory = true, ParameterSetName = "Path", Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    public string[] Path { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = "LiteralPath", Position = 0, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    public string[] LiteralPath
    {
        get => Path;
        set => Path = value;
    }

    [Parameter(Mandatory = true, ParameterSetName = "StreamParameterSet", Position = 0)]
    public Stream? InputStream { get; set; }

    [Parameter(Position = 1)]
    [ValidateSet("SHA1", "SHA256", "SHA384", "SHA512", "MD5")]
    public string Algorithm { get; set; } = "SHA256";

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (string path in Path)
        {
            foreach (string file in FilesOf(path))
            {
                HashFile(file);
            }
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (InputStream is not null)
        {
            Write(InputStream, null);
        }
    }

    private Collection<string> FilesOf(string path)
    {
        try
        {
            return ParameterSetName == "LiteralPath"
                ? [SessionState.Path.GetUnresolvedProviderPathFromPSPath(path)]
                : SessionState.Path.GetResolvedProviderPathFromPSPath(path, out _);
        }
        catch (ItemNotFoundException error)
        {
            WriteError(new ErrorRecord(error, "FileNotFound", ErrorCategory.ObjectNotFound, path));
            return [];
        }
    }

    private void HashFile(string file)
    {
        if (Directory.Exists(file))
        {
            return;
        }

        try
        {
            using FileStream stream = File.OpenRead(file);
            Write(stream, file);
        }
        catch (FileNotFoundException error)
        {
            WriteError(new ErrorRecord(error, "FileNotFound", ErrorCategory.ObjectNotFound, file));
        }
        catch (UnauthorizedAccessException error)
        {
            WriteError(new ErrorRecord(error, "UnauthorizedAccessError", ErrorCategory.InvalidData, file));
        }
        catch (IOException error)
        {
            WriteError(new ErrorRecord(error, "FileReadError", ErrorCategory.ReadError, file));
        }
    }

    private void Write(Stream stream, string? file)
    {
        // The caller says which: old hashes are compared with old hashes.
#pragma warning disable CA5350, CA5351
        byte[] hash = Algorithm.ToUpperInvariant() switch
        {
            "SHA1" => SHA1.HashData(stream),
            "SHA384" => SHA384.HashData(stream),
            "SHA512" => SHA512.HashData(stream),
            "MD5" => MD5.HashData(stream),
            _ => SHA256.HashData(stream),
        };
#pragma warning restore CA5350, CA5351
        WriteObject(new FileHashInfo { Algorithm = Algorithm.ToUpperInvariant(), Hash = Convert.ToHexString(hash), Path = file });
    }
}
