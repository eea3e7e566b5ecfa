using System.Management.Automation.Runspaces;
using System.Reflection;

namespace Switchyard.Engine;

/// <summary>What a command's preferences are, which the engine works out of parameters and variables, and writing past them.</summary>
internal static class EngineStreams
{
    /// <summary>
    /// Lets <c>-Debug</c> mean no more than debug records: for a command in C# the engine would also ask before each warning and verbose record.
    /// </summary>
    public static void AskNothingForDebug(PSCmdlet command)
    {
        if (!command.MyInvocation.BoundParameters.TryGetValue("Debug", out object? given) || !LanguagePrimitives.IsTrue(given))
        {
            return;
        }

        if (!command.MyInvocation.BoundParameters.ContainsKey("WarningAction"))
        {
            EngineMembers.WarningPreference.TrySet(command.CommandRuntime, InVariable(command, "WarningPreference", ActionPreference.Continue));
        }

        if (!command.MyInvocation.BoundParameters.ContainsKey("Verbose"))
        {
            EngineMembers.VerboseFlag.TrySet(
                command.CommandRuntime, !IsSilent(InVariable(command, "VerbosePreference", ActionPreference.SilentlyContinue)));
        }
    }

    /// <summary>Whether the command that writes an information record on this thread shows it.</summary>
    /// <returns>False also where the engine does not tell.</returns>
    public static bool IsInformationShown() =>
        OfCurrentCommand(EngineMembers.InformationPreference) is ActionPreference preference && !IsSilent(preference);

    /// <summary>Whether the command that writes a warning on this thread was told by a parameter to show it.</summary>
    /// <returns>False also where the engine does not tell.</returns>
    public static bool IsWarningAskedFor() =>
        OfCurrentCommand(EngineMembers.IsWarningActionSet) is true || OfCurrentCommand(EngineMembers.VerboseFlag) is true;

    /// <summary>Writes a record whatever the command's preference; straight to its host where the engine does not let the preference be set.</summary>
    public static void Show(PSCmdlet command, object record)
    {
        switch (record)
        {
            case WarningRecord warning:
                Show(command, EngineMembers.WarningPreference, () => command.WriteWarning(warning.Message), () => command.Host.UI.WriteWarningLine(warning.Message));
                break;
            case VerboseRecord verbose:
                ShowVerbose(command, verbose.Message);
                break;
            case DebugRecord debug:
                Show(command, EngineMembers.DebugPreference, () => command.WriteDebug(debug.Message), () => command.Host.UI.WriteDebugLine(debug.Message));
                break;
            case InformationRecord information:
                Show(
                    command, EngineMembers.InformationPreference, () => command.WriteInformation(information), () => command.Host.UI.WriteLine(information.ToString()));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(record), record, message: null);
        }
    }

    private static object? OfCurrentCommand(EngineMember<PropertyInfo> property) =>
        EngineMembers.ContextOfRunspace.Get(Runspace.DefaultRunspace) is { } context
        && EngineMembers.CurrentCommand.Get(context) is { } command
        && EngineMembers.RuntimeOfCommand.Get(command) is { } runtime
            ? property.Get(runtime)
            : null;

    private static void Show(PSCmdlet command, EngineMember<PropertyInfo> preference, Action write, Action writeToHost)
    {
        object runtime = command.CommandRuntime;
        if (preference.Get(runtime) is not ActionPreference before)
        {
            writeToHost();
        }
        else if (!IsSilent(before))
        {
            write();
        }
        else
        {
            preference.TrySet(runtime, ActionPreference.Continue);
            try
            {
                write();
            }
            finally
            {
                preference.TrySet(runtime, before);
            }
        }
    }

    // Of this preference the engine has no setter: its switch stands above the variable.
    private static void ShowVerbose(PSCmdlet command, string message)
    {
        object runtime = command.CommandRuntime;
        if (EngineMembers.VerbosePreference.Get(runtime) is not ActionPreference before || EngineMembers.VerboseFlag.IsMissing)
        {
            command.Host.UI.WriteVerboseLine(message);
        }
        else if (!IsSilent(before))
        {
            command.WriteVerbose(message);
        }
        else
        {
            EngineMembers.VerboseFlag.TrySet(runtime, true);
            try
            {
                command.WriteVerbose(message);
            }
            finally
            {
                EngineMembers.VerboseFlag.TrySet(runtime, false);
            }
        }
    }

    private static bool IsSilent(ActionPreference preference) => preference is ActionPreference.SilentlyContinue or ActionPreference.Ignore;

    private static ActionPreference InVariable(PSCmdlet command, string name, ActionPreference fallback) =>
        LanguagePrimitives.TryConvertTo(command.SessionState.PSVariable.GetValue(name), out ActionPreference preference) ? preference : fallback;
}
