using System.Text.RegularExpressions;

namespace Switchyard.Tests.Help;

/// <summary>What a page says of a parameter.</summary>
/// <param name="Text">What it does.</param>
/// <param name="Yaml">What it is: type, sets, aliases.</param>
internal sealed record ParameterText(string Text, string Yaml)
{
    public string this[string key] => Regex.Match(Yaml, $@"^{key}: *(.*)$", RegexOptions.Multiline).Groups[1].Value.Trim('\'', ' ');

    public string[] Aliases => List("Aliases");

    public string[] AcceptedValues => List("AcceptedValues");

    /// <summary>The sets that it is in: name, position, and how it takes input.</summary>
    public IEnumerable<string> Sets => Regex
        .Matches(Yaml, @"- Name: (.+)\n  Position: (.+)\n  IsRequired: (.+)\n  ValueFromPipeline: (.+)\n  ValueFromPipelineByPropertyName: (.+)\n")
        .Select(match => string.Join(' ', match.Groups.Values.Skip(1).Select(group => group.Value)));

    private string[] List(string key) =>
        [.. Regex.Matches(Regex.Match(Yaml, $@"^{key}:\n((?:- .*\n)*)", RegexOptions.Multiline).Groups[1].Value, "- (.*)").Select(match => match.Groups[1].Value)];
}
