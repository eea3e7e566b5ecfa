using System.Text.RegularExpressions;
using System.Xml.Linq;
using Switchyard.Tests.Harness;
using Xunit;

namespace Switchyard.Tests.Help;

/// <summary>What Get-Help reads is what the pages say: made of them by <c>build.ps1 -Task Docs</c>.</summary>
public sealed class ShippedHelpTests
{
    private static readonly string _folder = Path.Combine(Repository.Root, "out", "Switchyard", "en-US");

    public static TheoryData<string> Names => Cmdlets.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Synopsis_description_and_notes_are_the_pages(string name)
    {
        HelpPage page = HelpPage.Read(name);
        XElement command = Command(name);

        Assert.Equal(HelpPage.Plain(page.Synopsis), Text(Child(Child(command, "details"), "description")));
        Assert.Equal(HelpPage.Plain(page.Description), Text(Child(command, "description")));
        Assert.Equal(HelpPage.Plain(page.Notes), Text(Child(command, "alertSet")));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_parameters_text_is_the_pages(string name)
    {
        IReadOnlyDictionary<string, ParameterText> texts = HelpPage.Read(name).Parameters;
        Dictionary<string, XElement> shipped = Children(Child(Command(name), "parameters"), "parameter").ToDictionary(parameter => Text(Child(parameter, "name")));

        Assert.Equal(texts.Keys.Order(), shipped.Keys.Order());
        Assert.All(texts, text => Assert.Equal(HelpPage.Plain(text.Value.Text), Text(Child(shipped[text.Key], "description"))));
        Assert.All(texts, text => Assert.Equal(
            text.Value["DefaultValue"].Replace("False", string.Empty, StringComparison.Ordinal),
            string.Concat(Children(shipped[text.Key], "defaultValue").Select(Text))));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Examples_are_the_pages_code_and_remarks_apart(string name)
    {
        ExampleText[] examples = [.. HelpPage.Read(name).Examples];
        XElement[] shipped = [.. Children(Child(Command(name), "examples"), "example")];

        Assert.Equal(examples.Length, shipped.Length);
        Assert.All(examples.Zip(shipped), pair =>
        {
            Assert.Equal(pair.First.Code, Child(pair.Second, "code").Value.ReplaceLineEndings("\n"));
            Assert.Equal(HelpPage.Plain($"{pair.First.Output} {pair.First.Text}"), Text(Child(pair.Second, "remarks")));
            Assert.Empty(Text(Child(pair.Second, "introduction")));
        });
    }

    [Fact]
    public void An_about_topic_is_its_page_as_text()
    {
        string[] topics = [.. Directory.EnumerateFiles(HelpPage.Folder, "about_*.md")];

        Assert.Equal(3, topics.Length);
        Assert.All(topics, topic =>
        {
            string page = Regex.Replace(File.ReadAllText(topic), "^(```.*|#+ )", string.Empty, RegexOptions.Multiline).Replace("**", string.Empty, StringComparison.Ordinal);
            string shipped = File.ReadAllText(Path.Combine(_folder, Path.GetFileNameWithoutExtension(topic) + ".help.txt"));
            shipped = Regex.Replace(shipped, @"\ATOPIC\n|^-+$", string.Empty, RegexOptions.Multiline);
            Assert.Equal(HelpPage.Plain(page), HelpPage.Plain(shipped), ignoreCase: true);
        });
    }

    [Fact]
    public void Each_error_id_has_its_cause_and_its_cure()
    {
        string[] folders = [Path.Combine(Repository.Root, "src", "Switchyard", "Errors"), Path.Combine(Repository.Root, "src", "Switchyard.Loader")];
        IEnumerable<string> ids = folders.SelectMany(folder => Directory.EnumerateFiles(folder, "*.cs"))
            .SelectMany(file => Regex.Matches(File.ReadAllText(file), @"static (?:BatchException|ErrorRecord) (\w+)\(|nameof\(Messages\.(\w+)\)"))
            .Select(match => match.Groups[1].Value + match.Groups[2].Value)
            .Except(["Record", "Fatal", "JournalUnusable", "RunFailed", "FileFailed"])
            .Select(name => "Switchyard." + name);
        MatchCollection topics = Regex.Matches(
            File.ReadAllText(Path.Combine(HelpPage.Folder, "about_Switchyard_Errors.md")).ReplaceLineEndings("\n"),
            @"^### (\S+)\n\nCause: [^\n].*?\n\nCure: [^\n]",
            RegexOptions.Multiline | RegexOptions.Singleline);

        Assert.True(ids.Count() > 50);
        Assert.Equal(ids.Order(), topics.Select(topic => topic.Groups[1].Value).Order());
    }

    private static XElement Command(string name) => XDocument.Load(Path.Combine(_folder, "Switchyard.dll-Help.xml")).Root!
        .Elements().Single(command => Text(Child(Child(command, "details"), "name")) == name);

    private static IEnumerable<XElement> Children(XElement parent, string name) => parent.Elements().Where(element => element.Name.LocalName == name);

    private static XElement Child(XElement parent, string name) => Children(parent, name).First();

    private static string Text(XElement element) => HelpPage.Plain(string.Join(' ', element.DescendantNodes().OfType<XText>().Select(text => text.Value)));
}
