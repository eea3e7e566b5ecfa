namespace Switchyard.Streams;

/// <summary>Writes one <see cref="BatchResult"/> for each item. What has no place in one goes the way it always goes.</summary>
/// <param name="streams">Takes the results, as output, and the records of all streams that results do not hold.</param>
/// <param name="joinsBytes">Whether an item's output is byte arrays, to be made one.</param>
/// <param name="stop">Stops the run at the first error; null if errors do not stop it.</param>
internal sealed class ResultWriter(IResultSink streams, double itemTimeoutSeconds, bool joinsBytes, Action? stop) : IResultSink
{
    public ErrorRecord? StoppedBy { get; private set; }

    public void Write(in ItemRecord record) => streams.Write(record);

    public void Complete(ItemResult result)
    {
        List<ErrorRecord> errors = [.. result.Errors.OfType<ErrorRecord>()];
        if (ItemErrors.Of(result, itemTimeoutSeconds) is { } error)
        {
            errors.Add(error);
        }

        streams.Write(new ItemRecord(result.Index, RecordKind.Output, new BatchResult(result, Output(result), [.. errors])));
        if (stop is not null && StoppedBy is null && errors.Find(error => error.Exception is not StandardErrorException) is { } first)
        {
            StoppedBy = first;
            stop();
        }
    }

    private Array Output(ItemResult result) => joinsBytes
        ? result.Output.OfType<byte[]>().SelectMany(bytes => bytes).ToArray()
        : result.Output.ToArray();
}
