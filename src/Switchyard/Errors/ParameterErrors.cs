using static Switchyard.Errors.ErrorRecords;

namespace Switchyard.Errors;

/// <summary>Errors of parameters that do not go together. One method each.</summary>
internal static class ParameterErrors
{
    /// <param name="others">Of which any will do.</param>
    public static BatchException ParameterNeedsAnother(string parameter, params string[] others) => Fatal(
        new PSArgumentException(MessageText.Format(Messages.ParameterNeedsAnother, parameter, OneOf(others)), parameter),
        ErrorCategory.InvalidArgument,
        parameter);

    public static BatchException LocalhostWithoutSsh(string parameter) =>
        Fatal(new PSArgumentException(MessageText.Format(Messages.LocalhostWithoutSsh, parameter), parameter), ErrorCategory.InvalidArgument, parameter);

    public static BatchException ParametersExcludeEachOther(string parameter, string other) => Fatal(
        new PSArgumentException(MessageText.Format(Messages.ParametersExcludeEachOther, parameter, other), parameter),
        ErrorCategory.InvalidArgument,
        parameter);

    public static BatchException BatchSizeNeeded() =>
        Fatal(new PSArgumentException(Messages.BatchSizeNeeded, "BatchSize"), ErrorCategory.InvalidArgument, 0);

    public static BatchException AutoThrottleNeeded() =>
        Fatal(new PSArgumentException(Messages.AutoThrottleNeeded, "AutoThrottle"), ErrorCategory.InvalidArgument, false);

    public static BatchException MinFreeMemoryTooHigh(long megabytes, long total) =>
        Fatal(new PSArgumentException(MessageText.Format(Messages.MinFreeMemoryTooHigh, megabytes, total)), ErrorCategory.InvalidArgument, megabytes);

    private static string OneOf(string[] parameters) =>
        parameters is [.. var first, var last] && first.Length > 0 ? $"{string.Join(", ", first.Select(name => "-" + name))} or -{last}" : "-" + parameters[0];
}
