namespace Switchyard.Runspaces;

/// <summary>
/// Works out which preferences workers start with, so that a body writes what the caller wants to hear and no more. The last
/// word is the caller's: every record passes the caller's own preferences when it is forwarded.
/// </summary>
internal static class CallerPreferences
{
    /// <summary>Reads them as they are in effect for a cmdlet.</summary>
    public static IReadOnlyDictionary<string, object> Read(IDictionary<string, object> bound, PSVariableIntrinsics variables)
    {
        bool stops = InEffect("ErrorAction", "ErrorActionPreference", ActionPreference.Continue) == ActionPreference.Stop;
        return new Dictionary<string, object>
        {
            // Where the caller stops at an error, the body does too. Silence is kept by the caller, as -ErrorVariable must hear.
            ["ErrorActionPreference"] = stops ? ActionPreference.Stop : ActionPreference.Continue,

            // A job and -WarningVariable hear what the caller does not see.
            ["WarningPreference"] = bound.ContainsKey("WarningVariable") || bound.ContainsKey("AsJob")
                ? ActionPreference.Continue
                : Spoken(InEffect("WarningAction", "WarningPreference", ActionPreference.Continue)),

            // Information flows whatever this says; Continue would print it at both ends.
            ["InformationPreference"] = ActionPreference.SilentlyContinue,
            ["VerbosePreference"] = Spoken(Switch("Verbose", "VerbosePreference")),
            ["DebugPreference"] = Spoken(Switch("Debug", "DebugPreference")),
            ["ProgressPreference"] = Spoken(InEffect("ProgressAction", "ProgressPreference", ActionPreference.Continue)),
            ["ConfirmPreference"] = variables.GetValue("ConfirmPreference", ConfirmImpact.High),
        };

        ActionPreference InEffect(string parameter, string variable, ActionPreference fallback)
        {
            object? value = bound.TryGetValue(parameter, out object? given) ? given : variables.GetValue(variable, null);
            return LanguagePrimitives.TryConvertTo(value, out ActionPreference preference) ? preference : fallback;
        }

        ActionPreference Switch(string parameter, string variable) => bound.TryGetValue(parameter, out object? given)
            ? LanguagePrimitives.IsTrue(given) ? ActionPreference.Continue : ActionPreference.SilentlyContinue
            : InEffect(variable, variable, ActionPreference.SilentlyContinue);
    }

    public static bool StopsOnError(IReadOnlyDictionary<string, object> preferences) =>
        preferences["ErrorActionPreference"] is ActionPreference.Stop;

    public static bool ShowsProgress(IReadOnlyDictionary<string, object> preferences) =>
        preferences["ProgressPreference"] is not ActionPreference.SilentlyContinue;

    public static bool HearsWarnings(IReadOnlyDictionary<string, object> preferences) =>
        preferences["WarningPreference"] is not ActionPreference.SilentlyContinue;

    // What asks or stops does so once, at the caller's end.
    private static ActionPreference Spoken(ActionPreference preference) =>
        preference is ActionPreference.SilentlyContinue or ActionPreference.Ignore
            ? ActionPreference.SilentlyContinue
            : ActionPreference.Continue;
}
