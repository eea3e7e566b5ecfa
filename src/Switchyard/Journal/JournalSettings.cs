using Switchyard.Core.Gauges;
using Switchyard.Executables;

namespace Switchyard.Journal;

/// <summary>What a journal says of the parameters that its batch was given, and <c>-Resume</c> compares.</summary>
internal static class JournalSettings
{
    // What changes a result, and what only changes how fast or how often.
    private static readonly string[] _work = ["FilePath", "InputMode", "BlockSize", "AsByteStream", "Encoding"];

    private static readonly (string Name, Func<object, SessionState, object?> ContentOf)[] _contents =
    [
        ("ScriptBlock", (value, _) => CodeOf((ScriptBlock)value)),
        ("InitializationScript", (value, _) => CodeOf((ScriptBlock)value)),
        ("ArgumentList", (value, _) => value is object?[] { Length: > 0 } arguments
            ? arguments.Select(argument => (PSObjects.Unwrap(argument) as ScriptBlock)?.ToString() ?? argument).ToList()
            : null),
        ("Variable", (value, _) => StableContent.Of(value)),
        ("Environment", (value, _) => StableContent.Of(value)),
        ("WorkingDirectory", (value, session) => FolderOf(value, session)),
        ("OutputDirectory", (value, session) => Path.TrimEndingDirectorySeparator(FolderOf(value, session))),
        ("FunctionName", (value, session) => ((string[])value).Select(name => CodeOf(name, session)).ToArray()),
        ("ModuleName", (value, _) => value),
    ];

    /// <summary>Says whether what items write is kept: where that differs, nothing of the work does.</summary>
    public const string KeepOutput = "KeepOutput";

    private static readonly string[] _pace =
    [
        "ThrottleLimit", "AutoThrottle", "RateLimit", "MinFreeMemoryMB", "RetryCount", "RetryDelaySeconds", "ItemTimeoutSeconds", "MaxFailures",
        "BatchSize", "SplitOnFailure", "MaxCommandLength", KeepOutput,
    ];

    public static IEnumerable<string> Compared => _work.Concat(_pace).Concat(_contents.Select(content => content.Name));

    /// <summary>Finds what of them a command was given.</summary>
    /// <returns>Texts by the names of parameters; what was not given is not there.</returns>
    public static IReadOnlyDictionary<string, string> Of(IReadOnlyDictionary<string, object> given, SessionState session)
    {
        Dictionary<string, string> settings = new(StringComparer.Ordinal);
        ItemContent content = new(new FileSystemCase());
        foreach (string name in _work.Concat(_pace))
        {
            if (given.TryGetValue(name, out object? value) && value is not SwitchParameter { IsPresent: false })
            {
                settings[name] = Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty;
            }
        }

        foreach ((string name, Func<object, SessionState, object?> contentOf) in _contents)
        {
            if (given.TryGetValue(name, out object? value) && value is not null && contentOf(value, session) is { } found)
            {
                settings[name] = content.KeyOf(found).ToString();
            }
        }

        return settings;
    }

    /// <summary>Whether all that differs says only how fast or how often items run.</summary>
    public static bool AreOfPace(IEnumerable<string> names) => names.All(_pace.Contains);

    private static string FolderOf(object value, SessionState session) =>
        new FileSystemCase().KeyOf(new ExecutableFinder(session).Resolve((string)value));

    private static ArrayList CodeOf(ScriptBlock block) => new() { block.ToString().ReplaceLineEndings("\n") };

    private static string CodeOf(string function, SessionState session) =>
        function + (session.InvokeCommand.GetCommand(function, CommandTypes.Function) as FunctionInfo)?.Definition.ReplaceLineEndings("\n");
}
