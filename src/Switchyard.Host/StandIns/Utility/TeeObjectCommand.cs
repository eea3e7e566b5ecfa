using System.Management.Automation;
using System.Text;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for Tee-Object.</summary>
[Cmdlet("Tee", "Object", DefaultParameterSetName = "File")]
public sealed class TeeObjectCommand : PSCmdlet, IDisposable
{
    private readonly List<PSObject?> _seen = [];
    private SteppablePipeline? _outFile;

    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "File")]
    [Alias("Path")]
    public string? FilePath { get; set; }

    [Parameter(Mandatory = true, ParameterSetName = "LiteralFile")]
    [Alias("PSPath", "LP")]
    public string? LiteralPath { get; set; }

    [Parameter(ParameterSetName = "File")]
    public SwitchParameter Append { get; set; }

    [Parameter(ParameterSetName = "File")]
    [Parameter(ParameterSetName = "LiteralFile")]
    [EncodingTransformation]
    public Encoding Encoding { get; set; } = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    [Parameter(Mandatory = true, ParameterSetName = "Variable")]
    public string? Variable { get; set; }

    /// <inheritdoc/>
    public void Dispose() => _outFile?.Dispose();

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        if (Variable is not null)
        {
            return;
        }

        // Out-File does the writing, so that both format alike.
        var parameters = new System.Collections.Hashtable
        {
            [LiteralPath is null ? "FilePath" : "LiteralPath"] = LiteralPath ?? FilePath,
            ["Encoding"] = Encoding,
            ["Append"] = Append,
        };
        _outFile = ScriptBlock.Create("param($p) Out-File @p").GetSteppablePipeline(CommandOrigin.Internal, [parameters]);
        _outFile.Begin(expectInput: true);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (_outFile is null)
        {
            _seen.Add(InputObject);
        }
        else
        {
            _outFile.Process(InputObject);
        }

        WriteObject(InputObject);
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_outFile is not null)
        {
            _outFile.End();
        }
        else
        {
            SessionState.PSVariable.Set(Variable, _seen.Count == 1 ? _seen[0] : _seen.ToArray());
        }
    }
}
