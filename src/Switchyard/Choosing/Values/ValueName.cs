namespace Switchyard.Choosing.Values;

/// <summary>The type of a value, as a script names it.</summary>
internal static class ValueName
{
    public static string Of(object? value) =>
        PSObjects.Unwrap(value) is { } bare ? bare is PSObject ? "pscustomobject" : LanguagePrimitives.ConvertTo<string>(bare.GetType()) : "null";
}
