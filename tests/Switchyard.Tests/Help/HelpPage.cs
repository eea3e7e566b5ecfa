using System.Text.RegularExpressions;
using Switchyard.Tests.Harness;

namespace Switchyard.Tests.Help;

/// <summary>A page of docs/en-US, taken apart.</summary>
internal sealed partial class HelpPage
{
    private readonly string _text;

    private HelpPage(string text) => _text = text;

    public static string Folder { get; } = Path.Combine(Repository.Root, "docs", "en-US");

    public string Text => _text;

    public string Synopsis => Section("SYNOPSIS");

    public string Description => Section("DESCRIPTION");

    public string Notes => Section("NOTES");

    /// <summary>The headings of the outputs: names of types.</summary>
    public IEnumerable<string> Outputs => Heading().Matches(Section("OUTPUTS")).Select(match => match.Groups[1].Value);

    /// <summary>The parameters that the page tells of.</summary>
    public IReadOnlyDictionary<string, ParameterText> Parameters => Parameter().Matches(_text).ToDictionary(
        match => match.Groups["name"].Value,
        match => new ParameterText(match.Groups["text"].Value.Trim(), match.Groups["yaml"].Value));

    /// <summary>The examples.</summary>
    public IEnumerable<ExampleText> Examples => Example().Matches(Section("EXAMPLES")).Select(match => new ExampleText(
        match.Groups["title"].Value, match.Groups["code"].Value, match.Groups["output"] is { Success: true } output ? output.Value : null, match.Groups["text"].Value.Trim()));

    public static HelpPage Read(string name) => new(File.ReadAllText(Path.Combine(Folder, name + ".md")).ReplaceLineEndings("\n"));

    /// <summary>Text as it is read, whatever marks and line breaks it has.</summary>
    public static string Plain(string text) => Spaces().Replace(Link().Replace(text, "$1").Replace("`", string.Empty, StringComparison.Ordinal), " ").Trim();

    private string Section(string name)
    {
        Match match = Regex.Match(_text, $@"^## {name}\n(.*?)(?=^## |\z)", RegexOptions.Multiline | RegexOptions.Singleline);
        return match.Success ? match.Groups[1].Value.Trim() : throw new InvalidDataException($"No section {name}.");
    }

    [GeneratedRegex(@"^### (\S+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^### -(?<name>\w+)\n(?<text>.*?)```yaml\n(?<yaml>.*?)```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Parameter();

    [GeneratedRegex(
        @"^### (?<title>Example [^\n]+)\n\n```powershell\n(?<code>.*?)\n```\n\n(?:```Output\n(?<output>.*?)\n```\n\n)?(?<text>.*?)(?=^### |\z)",
        RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Example();

    [GeneratedRegex(@"\[([^\]]+)\]\([^)]*\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
