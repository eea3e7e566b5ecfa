using System.Text;

namespace Microsoft.PowerShell.Commands;

/// <summary>A writer that hands over each line as it is complete.</summary>
internal sealed class LineWriter(Action<string> writeLine) : TextWriter
{
    private readonly StringBuilder _line = new();

    public override Encoding Encoding => Encoding.Unicode;

    public override void Write(char value)
    {
        if (value == '\n')
        {
            WriteLine(string.Empty);
        }
        else if (value != '\r')
        {
            _line.Append(value);
        }
    }

    public override void Write(string? value) => _line.Append(value);

    public override void WriteLine(string? value)
    {
        string line = _line.Append(value).ToString();
        _line.Clear();
        writeLine(line);
    }
}
