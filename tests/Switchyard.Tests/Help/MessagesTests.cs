using System.Text.RegularExpressions;
using System.Xml.Linq;
using Switchyard.Tests.Harness;
using Xunit;

namespace Switchyard.Tests.Help;

/// <remarks>What a user can read stands in one file, where it can be found, compared and translated.</remarks>
public sealed class MessagesTests
{
    private static readonly string[] _projects = ["Switchyard.Core", "Switchyard", "Switchyard.Loader"];
    private static readonly string _sources = Path.Combine(Repository.Root, "src");

    [Fact]
    public void Each_message_is_used()
    {
        string code = string.Concat(Code().Select(File.ReadAllText));
        HashSet<string> used = [.. Regex.Matches(code, @"\bMessages\.(\w+)").Select(match => match.Groups[1].Value)];

        Assert.Equal([], Names().Where(name => !used.Contains(name)));
    }

    // Texts of wrong calls between our own types are for developers.
    [Fact]
    public void No_exception_but_of_a_wrong_call_has_its_text_in_the_code()
    {
        IEnumerable<string> found = Code().SelectMany(file => Regex.Matches(File.ReadAllText(file), @"(\w+)Exception\(\s*\$?""")
            .Where(match => match.Groups[1].Value is not ("Argument" or "InvalidOperation"))
            .Select(match => $"{Path.GetFileName(file)}: {match.Value}"));

        Assert.Equal([], found);
    }

    // Of these the cause is all that is known, and says what to do where there is more than one; or another message is their second part.
    private static readonly string[] _ofOthers =
    [
        "StandardError", "NonZeroExit", "StartFailed", "CannotStart", "StreamFailed", "ScriptNotRunnable", "WorkerDied", "WorkerNotStarted", "HostNotUsable", "NoHostUsable",
        "InitialNotAllowed", "ItemHasNoText", "JobTemplateNotAllowed", "SessionObjectNotAllowed", "VariableNameNotAllowed", "CallbackNotPossible", "FileNotSent", "FileNotReceived",
    ];

    public static TheoryData<string> ErrorIds =>
    [
        .. Regex.Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "en-US", "about_Switchyard_Errors.md")), @"(?m)^### Switchyard\.(\w+)")
            .Select(match => match.Groups[1].Value)
            .Except(_ofOthers),
    ];

    [Theory]
    [MemberData(nameof(ErrorIds))]
    public void An_error_says_what_to_do_after_what_was_wrong(string id) =>
        Assert.Matches(@"(\.|: \{\d\}|\S;) \S[^.]*\.", TextOf(id));

    private static string TextOf(string name) => XDocument.Load(Path.Combine(_sources, "Messages.resx")).Root!
        .Elements("data").Single(message => message.Attribute("name")!.Value == name).Element("value")!.Value;

    private static IEnumerable<string> Names() => XDocument.Load(Path.Combine(_sources, "Messages.resx")).Root!
        .Elements("data").Select(message => message.Attribute("name")!.Value);

    private static IEnumerable<string> Code() => _projects
        .SelectMany(project => Directory.EnumerateFiles(Path.Combine(_sources, project), "*.cs", SearchOption.AllDirectories))
        .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));
}
