using System.Collections;
using System.Globalization;
using System.Management.Automation;
using Switchyard.Commands;
using Switchyard.Errors;
using Switchyard.Parameters;

namespace Switchyard.Journal;

/// <summary>Opens the journal that a batch command was asked for.</summary>
internal static class CommandJournal
{
    private const int MaxWork = 500;

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

    /// <summary>The parameters that -Resume compares with the journal's.</summary>
    public static IEnumerable<string> Compared => _work.Concat(_pace).Concat(_contents.Select(content => content.Name));

    /// <summary>Opens it.</summary>
    /// <param name="command">The command.</param>
    /// <param name="work">What it runs.</param>
    /// <returns>The journal; null if none was asked for.</returns>
    /// <exception cref="BatchException">It cannot be used.</exception>
    public static RunJournal? Open(BatchCommandBase command, BatchWork work)
    {
        if (command.JournalPath is not { } given)
        {
            return null;
        }

        JournalOptions options = new()
        {
            Path = Resolve(given, command.SessionState),
            Resumes = command.Resume,
            Syncs = command.JournalSync,
            IsReadOnly = command.OnlySaysWhatIf,
            Describer = new ItemDescriber(),
            Run = new JournalRun
            {
                StartedAt = DateTimeOffset.UtcNow,
                ProcessId = System.Environment.ProcessId,
                MachineName = System.Environment.MachineName,
                Command = command.Activity,
                Work = Shorten(work.Description),
                Settings = SettingsOf(command),
            },
        };
        RunJournal journal;
        try
        {
            journal = RunJournal.Open(options);
        }
        catch (JournalException exception)
        {
            throw JournalErrors.JournalUnusable(exception);
        }

        if (journal.Differences.Count > 0)
        {
            bool isSameWork = journal.Differences.All(_pace.Contains);
            command.WriteWarning(JournalErrors.JournalDiffers(options.Path, journal.Differences, isSameWork));
        }

        if (journal.DoubtfulCount > 0)
        {
            command.WriteWarning(JournalErrors.JournalDoubtful(options.Path, journal.DoubtfulCount));
        }

        return journal;
    }

    // For people to know it by; the hash says whether it is the same.
    private static string Shorten(string text) => text.Length > MaxWork ? string.Concat(text.AsSpan(0, MaxWork), "…") : text;

    private static string Resolve(string path, SessionState session)
    {
        try
        {
            string file = OutputFile.Resolve(path, session);

            // Two names of one file are one journal.
            return File.ResolveLinkTarget(file, returnFinalTarget: true)?.FullName ?? file;
        }
        catch (FileNotFoundException)
        {
            return session.Path.GetUnresolvedProviderPathFromPSPath(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException or RuntimeException)
        {
            throw JournalErrors.JournalUnusable(new JournalException(JournalProblem.NotReadable, path, exception.Message, inner: exception));
        }
    }

    private static Dictionary<string, string> SettingsOf(BatchCommandBase command)
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

    private static ArrayList CodeOf(ScriptBlock block) => new() { block.ToString().ReplaceLineEndings("\n") };

    private static string CodeOf(string function, SessionState session) =>
        function + (session.InvokeCommand.GetCommand(function, CommandTypes.Function) as FunctionInfo)?.Definition.ReplaceLineEndings("\n");

    private static string? FolderOf(string? path, SessionState session) =>
        path is null ? null : session.Path.GetUnresolvedProviderPathFromPSPath(path);
}
