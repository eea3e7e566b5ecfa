using static Switchyard.Errors.ErrorRecords;

namespace Switchyard.Errors;

/// <summary>Errors of what is made of results. One method each.</summary>
internal static class ResultErrors
{
    public static ErrorRecord NoErrorIn(object? input) => Record(
        new ArgumentException(MessageText.Format(Messages.NoErrorIn, ItemText.Quote(input), input is null ? Messages.NullItem : LanguagePrimitives.ConvertTo<string>(input.GetType()))),
        ErrorCategory.InvalidArgument,
        input);
}
