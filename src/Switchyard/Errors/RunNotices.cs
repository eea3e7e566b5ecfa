using Switchyard.Core.Policies;

namespace Switchyard.Errors;

/// <summary>What a run tells of itself besides its items, and goes on.</summary>
internal static class RunNotices
{
    public static ItemRecord ThrottleChanged(ThrottleChange change) =>
        Verbose(MessageText.Format(Messages.ThrottleChanged, change.OldLimit, change.NewLimit, change.Reason));

    public static ItemRecord Verbose(string text) => new(ItemRecord.NoItem, RecordKind.Verbose, new VerboseRecord(text));

    public static ItemRecord MemoryLow(long free, long floor) => Warning(MessageText.Format(Messages.MemoryLow, free, floor));

    public static ItemRecord WorkersShort(int wanted, string reason) => Warning(MessageText.Format(Messages.WorkersShort, wanted, reason));

    public static ItemRecord OfOtherKind(object? item) => Warning(MessageText.Format(Messages.JournalOtherKind, ItemText.Quote(item)));

    public static ItemRecord WeightUnknown(string property, object? item) => Warning(MessageText.Format(Messages.WeightUnknown, property, ItemText.Quote(item)));

    public static ItemRecord SumsLost(int worker, long count) => new(ItemRecord.NoItem, RecordKind.Error, RunErrors.SumsLost(worker, count));

    public static ItemRecord OutputReduced(string type, object? item) => Warning(MessageText.Format(Messages.OutputReduced, type, ItemText.Quote(item)));

    public static ItemRecord OutputNotKept(object? item, Exception reason) =>
        Warning(MessageText.Format(Messages.OutputNotKept, ItemText.Quote(item), reason.Message));

    public static ItemRecord OutputsLost(long count) => Warning(MessageText.Format(Messages.OutputsLost, count));

    public static ItemRecord Warning(string text) => new(ItemRecord.NoItem, RecordKind.Warning, new WarningRecord(text));
}
