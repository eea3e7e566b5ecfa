using System.Management.Automation;
using System.Text;
using Microsoft.PowerShell.Commands.Internal.Format;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for Out-String.</summary>
[Cmdlet(VerbsData.Out, "String", DefaultParameterSetName = "NoNewLineFormatting")]
[OutputType(typeof(string))]
public sealed class OutStringCommand : FrontEndCommandBase
{
    private readonly StringBuilder _text = new();

    [Parameter(ParameterSetName = "StreamFormatting")]
    public SwitchParameter Stream { get; set; }

    [Parameter]
    [ValidateRange(2, int.MaxValue)]
    public int Width { get; set; } = int.MaxValue;

    [Parameter(ParameterSetName = "NoNewLineFormatting")]
    public SwitchParameter NoNewline { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        FormatEngine.UseWriter(this, new LineWriter(OnLine), Width, suppressNewLine: false);
        base.BeginProcessing();
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        base.EndProcessing();
        if (!Stream)
        {
            WriteObject(_text.ToString());
        }
    }

    private void OnLine(string line)
    {
        if (Stream)
        {
            WriteObject(line);
        }
        else if (NoNewline)
        {
            _text.Append(line);
        }
        else
        {
            _text.AppendLine(line);
        }
    }
}
