using System.Collections;
using System.Globalization;
using System.Management.Automation;
using Switchyard.Commands;
using Switchyard.Executables;

namespace Switchyard.Journal;

/// <summary>What a journal says of the parameters that its batch was given, and <c>-Resume</c> compares.</summary>
internal static class JournalSettings
{
    // What changes a result, and what only changes how fast or how often.
    private static readonly string[] _work =
    [
        nameof(WorkCommandBase.FilePath),
        nameof(WorkCommandBase.InputMode),
        nameof(WorkCommandBase.AsByteStream),
        nameof(WorkCommandBase.Encoding),
    ];

    private static readonly (string Name, Func<BatchCommandBase, object?> Of)[] _contents =
    [
        (nameof(WorkCommandBase.ScriptBlock), command => command.RunsScriptBlock ? CodeOf(command.ScriptBlock) : null),
        (nameof(WorkCommandBase.InitializationScript), command => command.InitializationScript is { } script ? CodeOf(script) : null),
        (nameof(WorkCommandBase.ArgumentList), command => command.ArgumentList is { Length: > 0 } arguments
            ? arguments.Select(argument => (PSObjects.Unwrap(argument) as ScriptBlock)?.ToString() ?? argument).ToList()
            : null),
        (nameof(WorkCommandBase.Variable), command => StableContent.Of(command.Variable)),
        (nameof(WorkCommandBase.Environment), command => StableContent.Of(command.Environment)),
        (nameof(WorkCommandBase.WorkingDirectory), command => FolderOf(command.WorkingDirectory, command.SessionState)),
        (nameof(WorkCommandBase.OutputDirectory), command => FolderOf(command.OutputDirectory, command.SessionState)),
        (nameof(WorkCommandBase.FunctionName), command => command.FunctionName?.Select(name => CodeOf(name, command.SessionState)).ToArray()),
        (nameof(WorkCommandBase.ModuleName), command => command.ModuleName),
    ];

    private static readonly string[] _pace =
    [
        nameof(WorkCommandBase.ThrottleLimit),
        nameof(BatchCommandBase.AutoThrottle),
        nameof(BatchCommandBase.RateLimit),
        nameof(BatchCommandBase.MinFreeMemoryMB),
        nameof(BatchCommandBase.RetryCount),
        nameof(BatchCommandBase.RetryDelaySeconds),
        nameof(BatchCommandBase.ItemTimeoutSeconds),
        nameof(BatchCommandBase.MaxFailures),
    ];

    /// <summary>The parameters that are compared.</summary>
    public static IEnumerable<string> Compared => _work.Concat(_pace).Concat(_contents.Select(content => content.Name));

    /// <summary>Finds what a command was given of them.</summary>
    public static IReadOnlyDictionary<string, string> Of(BatchCommandBase command)
    {
        Dictionary<string, string> settings = new(StringComparer.Ordinal);
        ItemContent content = new();
        foreach (string name in _work.Concat(_pace))
        {
            if (command.MyInvocation.BoundParameters.TryGetValue(name, out object? value) && value is not SwitchParameter { IsPresent: false })
            {
                settings[name] = Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty;
            }
        }

        foreach ((string name, Func<BatchCommandBase, object?> of) in _contents)
        {
            if (of(command) is { } value)
            {
                settings[name] = content.KeyOf(value).ToString();
            }
        }

        return settings;
    }

    /// <summary>Whether all that differs says only how fast or how often items run.</summary>
    public static bool AreOfPace(IEnumerable<string> names) => names.All(_pace.Contains);

    private static ArrayList CodeOf(ScriptBlock block) => new() { block.ToString().ReplaceLineEndings("\n") };

    private static string CodeOf(string function, SessionState session) =>
        function + (session.InvokeCommand.GetCommand(function, CommandTypes.Function) as FunctionInfo)?.Definition.ReplaceLineEndings("\n");

    private static string? FolderOf(string? path, SessionState session) =>
        path is null ? null : new ExecutableFinder(session).Resolve(path);
}
