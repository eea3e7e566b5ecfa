namespace Switchyard.Errors;

/// <summary>Knows what programs write to their error output, started by a batch or called by a script block.</summary>
internal sealed class ProgramTalk : IErrorTalk
{
    public static ProgramTalk Instance { get; } = new();

    public bool IsTalk(object error) => error is ErrorRecord record
        && (record.Exception is StandardErrorException || record.FullyQualifiedErrorId.StartsWith("NativeCommandError", StringComparison.Ordinal));

    public object LeftOut(object like, long count) =>
        ExecutableErrors.StandardError((like as ErrorRecord)?.TargetObject, MessageText.Format(Messages.TalkLeftOut, count));
}
