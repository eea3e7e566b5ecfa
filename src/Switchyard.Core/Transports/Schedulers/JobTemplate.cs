namespace Switchyard.Core.Transports.Schedulers;

/// <summary>
/// A script for a scheduler. In one line each, wherever that is a comment, it says how it is submitted and its job canceled:
/// <c># switchyard-submit: qsub -terse {{File}}</c>, <c># switchyard-cancel: qdel {{Id}}</c>. For the rest it has <c>{{Count}}</c>, <c>{{Command}}</c>,
/// <c>{{Connection}}</c> and <c>{{Name}}</c>.
/// </summary>
internal sealed class JobTemplate
{
    private const string SubmitMark = "switchyard-submit:";
    private const string CancelMark = "switchyard-cancel:";

    private readonly string _text;
    private readonly string _cancel;

    /// <exception cref="FormatException">It lacks what it must have.</exception>
    public JobTemplate(string text)
    {
        _text = text;
        Submit = Find(SubmitMark);
        _cancel = Find(CancelMark);
        foreach (string needed in new[] { "{{Command}}", "{{Connection}}" })
        {
            if (!text.Contains(needed, StringComparison.Ordinal))
            {
                throw new FormatException(MessageText.Format(Messages.TemplateLacks, needed));
            }
        }
    }

    /// <summary>The command line that submits the file <c>{{File}}</c>.</summary>
    public string Submit { get; }

    public string Render(int count, string command, string connection, string name) => _text
        .Replace("{{Count}}", count.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("{{Command}}", command, StringComparison.Ordinal)
        .Replace("{{Connection}}", connection, StringComparison.Ordinal)
        .Replace("{{Name}}", name, StringComparison.Ordinal);

    /// <summary>The command line that cancels a job.</summary>
    /// <param name="id">What the submit command has written last: of it only what a shell takes for nothing else is used.</param>
    public string Cancel(string id) => _cancel.Replace(
        "{{Id}}", string.Concat(id.Where(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '/' or ':' or '-')), StringComparison.Ordinal);

    private string Find(string mark) => _text.Split('\n').FirstOrDefault(line => line.Contains(mark, StringComparison.Ordinal)) is { } line
        && line[(line.IndexOf(mark, StringComparison.Ordinal) + mark.Length)..].Trim() is { Length: > 0 } command
        ? command
        : throw new FormatException(MessageText.Format(Messages.TemplateLacks, mark));
}
