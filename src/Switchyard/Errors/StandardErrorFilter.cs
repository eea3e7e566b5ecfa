namespace Switchyard.Errors;

/// <summary>Knows what programs write to their standard error, started by a batch or called by a script block.</summary>
internal sealed class StandardErrorFilter : IStandardErrorFilter
{
    public static StandardErrorFilter Instance { get; } = new();

    public bool IsStandardError(object error) => error is ErrorRecord record
        && (record.Exception is StandardErrorException || record.FullyQualifiedErrorId.StartsWith("NativeCommandError", StringComparison.Ordinal));

    public object LeftOut(object like, long count) =>
        ExecutableErrors.StandardError((like as ErrorRecord)?.TargetObject, MessageText.Format(Messages.StandardErrorLeftOut, count));
}
