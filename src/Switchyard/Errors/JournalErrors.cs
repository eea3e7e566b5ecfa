using Switchyard.Core.Journal;
using static Switchyard.Errors.ErrorRecords;

namespace Switchyard.Errors;

/// <summary>Errors and messages of journals. One method each.</summary>
internal static class JournalErrors
{
    public static BatchException JournalUnusable(JournalException cause)
    {
        (string id, string message, ErrorCategory category) = cause.Problem switch
        {
            JournalProblem.Exists =>
                (nameof(Messages.JournalExists), MessageText.Format(Messages.JournalExists, cause.Path), ErrorCategory.ResourceExists),
            JournalProblem.InUse when cause.Detail.Length > 0 =>
                (nameof(Messages.JournalInUse), MessageText.Format(Messages.JournalInUseBy, cause.Path, cause.Detail), ErrorCategory.ResourceBusy),
            JournalProblem.InUse =>
                (nameof(Messages.JournalInUse), MessageText.Format(Messages.JournalInUse, cause.Path), ErrorCategory.ResourceBusy),
            JournalProblem.NotAJournal =>
                (nameof(Messages.NotAJournal), MessageText.Format(Messages.NotAJournal, cause.Path), ErrorCategory.InvalidData),
            JournalProblem.NewerVersion =>
                (nameof(Messages.JournalNewerVersion), MessageText.Format(Messages.JournalNewerVersion, cause.Path), ErrorCategory.InvalidData),
            JournalProblem.Damaged =>
                (nameof(Messages.JournalDamaged), MessageText.Format(Messages.JournalDamaged, cause.Line, cause.Path, cause.Detail), ErrorCategory.InvalidData),
            JournalProblem.WithoutOutputs =>
                (nameof(Messages.JournalWithoutOutputs), MessageText.Format(Messages.JournalWithoutOutputs, cause.Path, cause.Detail), ErrorCategory.InvalidOperation),
            JournalProblem.OutputsMissing =>
                (nameof(Messages.KeptOutputsMissing), MessageText.Format(Messages.KeptOutputsMissing, cause.Path, cause.Detail), ErrorCategory.ObjectNotFound),
            JournalProblem.NotOutputs =>
                (nameof(Messages.NotKeptOutputs), MessageText.Format(Messages.NotKeptOutputs, cause.Path), ErrorCategory.InvalidData),
            JournalProblem.NotWritable =>
                (nameof(Messages.JournalNotWritable), MessageText.Format(Messages.JournalNotWritable, cause.Path, cause.Detail), ErrorCategory.WriteError),
            _ => (nameof(Messages.JournalNotReadable), MessageText.Format(Messages.JournalNotReadable, cause.Path, cause.Detail), ErrorCategory.OpenError),
        };
        return new BatchException(Record(new IOException(message, cause), category, cause.Path, id));
    }

    public static string JournalDiffers(string path, IReadOnlyList<string> names, bool isSameWork) => MessageText.Format(
        isSameWork ? Messages.JournalPaceDiffers : Messages.JournalDiffers, path, string.Join(", ", names.Select(name => "-" + name)));

    public static string JournalDoubtful(string path, long count) => MessageText.Format(Messages.JournalDoubtful, path, count);

    public static string NoJournalMatches(string path) => MessageText.Format(Messages.NoJournalMatches, path);

    public static string JournalCutOff(string path) => MessageText.Format(Messages.JournalCutOff, path);

    public static string JournalHasOutputs(string path) => MessageText.Format(Messages.JournalHasOutputs, path);

    public static ErrorRecord KeptOutputNotReadable(object? item, Exception cause) => Record(
        new InvalidOperationException(MessageText.Format(Messages.KeptOutputNotReadable, ItemText.Quote(item), cause.Message), cause),
        ErrorCategory.InvalidData,
        PSObjects.ItemOf(item));

    public static ErrorRecord ItemNotInJournal(string itemText, object entry) =>
        Record(new InvalidOperationException(MessageText.Format(Messages.ItemNotInJournal, itemText)), ErrorCategory.InvalidData, entry);

    public static ErrorRecord TraceNotWritten(string path, Exception cause) =>
        Record(new IOException(MessageText.Format(Messages.TraceNotWritten, path, cause.Message), cause), ErrorCategory.WriteError, path);
}
