using System.Management.Automation;
using System.Text;
using System.Text.RegularExpressions;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for Select-String, without -Context, -Include, -Exclude and emphasis.</summary>
[Cmdlet(VerbsCommon.Select, "String", DefaultParameterSetName = "File")]
[OutputType(typeof(MatchInfo), typeof(bool), typeof(string))]
public sealed class SelectStringCommand : PSCmdlet
{
    private Regex[] _patterns = [];
    private long _lineNumber;
    private bool _isDone;

    [Parameter(ValueFromPipeline = true, Mandatory = true, ParameterSetName = "Object")]
    [Parameter(ValueFromPipeline = true, Mandatory = true, ParameterSetName = "ObjectRaw")]
    [AllowNull]
    [AllowEmptyString]
    public PSObject? InputObject { get; set; }

    [Parameter(Mandatory = true, Position = 0)]
    public string[] Pattern { get; set; } = [];

    [Parameter(Position = 1, Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "File")]
    [Parameter(Position = 1, Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "FileRaw")]
    public string[] Path { get; set; } = [];

    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "LiteralFile")]
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = "LiteralFileRaw")]
    [Alias("PSPath", "LP")]
    public string[] LiteralPath { get; set; } = [];

    [Parameter(Mandatory = true, ParameterSetName = "ObjectRaw")]
    [Parameter(Mandatory = true, ParameterSetName = "FileRaw")]
    [Parameter(Mandatory = true, ParameterSetName = "LiteralFileRaw")]
    public SwitchParameter Raw { get; set; }

    [Parameter]
    public SwitchParameter SimpleMatch { get; set; }

    [Parameter]
    public SwitchParameter CaseSensitive { get; set; }

    [Parameter(ParameterSetName = "Object")]
    [Parameter(ParameterSetName = "File")]
    [Parameter(ParameterSetName = "LiteralFile")]
    public SwitchParameter Quiet { get; set; }

    [Parameter]
    public SwitchParameter List { get; set; }

    [Parameter]
    public SwitchParameter NoEmphasis { get; set; }

    [Parameter]
    public SwitchParameter NotMatch { get; set; }

    [Parameter]
    public SwitchParameter AllMatches { get; set; }

    [Parameter]
    [EncodingTransformation]
    public Encoding Encoding { get; set; } = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        RegexOptions options = CaseSensitive ? RegexOptions.None : RegexOptions.IgnoreCase;
        _patterns = [.. Pattern.Select(pattern => new Regex(SimpleMatch ? Regex.Escape(pattern) : pattern, options))];
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (_isDone)
        {
            return;
        }

        if (InputObject is { BaseObject: FileInfo file })
        {
            SearchFile(file.FullName);
        }
        else if (InputObject is not null)
        {
            SearchLine(InputObject.ToString(), "InputStream", ++_lineNumber);
        }

        foreach (string path in Path.SelectMany(path => SessionState.Path.GetResolvedProviderPathFromPSPath(path, out _)))
        {
            SearchFile(path);
        }

        foreach (string path in LiteralPath)
        {
            SearchFile(SessionState.Path.GetUnresolvedProviderPathFromPSPath(path));
        }
    }

    private void SearchFile(string path)
    {
        try
        {
            long number = 0;
            foreach (string line in File.ReadLines(path, Encoding))
            {
                if (SearchLine(line, path, ++number) && (List || Quiet))
                {
                    return;
                }
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            string message = $"The file {path} cannot be read: {error.Message}";
            WriteError(new ErrorRecord(new ArgumentException(message, error), "ProcessingFile", ErrorCategory.InvalidArgument, path));
        }
    }

    private bool SearchLine(string line, string path, long number)
    {
        Regex? found = Array.Find(_patterns, pattern => pattern.IsMatch(line));
        if (found is null != NotMatch)
        {
            return false;
        }

        if (Quiet)
        {
            _isDone = true;
            WriteObject(true);
        }
        else if (Raw)
        {
            WriteObject(line);
        }
        else
        {
            Match[] matches = found is null ? [] : AllMatches ? found.Matches(line).ToArray() : [found.Match(line)];
            string pattern = found is null ? Pattern[0] : Pattern[Array.IndexOf(_patterns, found)];
            WriteObject(new MatchInfo { IgnoreCase = !CaseSensitive, Line = line, LineNumber = number, Path = path, Pattern = pattern, Matches = matches });
        }

        return true;
    }
}
