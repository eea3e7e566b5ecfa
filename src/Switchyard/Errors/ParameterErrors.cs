using static Switchyard.Errors.ErrorRecords;

namespace Switchyard.Errors;

/// <summary>Errors of parameters that do not go together. One method each.</summary>
internal static class ParameterErrors
{
    public static BatchException ParameterNeedsAnother(string parameter, string other) => Fatal(
        new PSArgumentException(MessageText.Format(Messages.ParameterNeedsAnother, parameter, other), parameter),
        ErrorCategory.InvalidArgument,
        parameter);

    public static BatchException ParametersExcludeEachOther(string parameter, string other) => Fatal(
        new PSArgumentException(MessageText.Format(Messages.ParametersExcludeEachOther, parameter, other), parameter),
        ErrorCategory.InvalidArgument,
        parameter);

    public static BatchException MinFreeMemoryTooHigh(long megabytes, long total) =>
        Fatal(new PSArgumentException(MessageText.Format(Messages.MinFreeMemoryTooHigh, megabytes, total)), ErrorCategory.InvalidArgument, megabytes);
}
