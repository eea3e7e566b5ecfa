namespace Switchyard.Core.Journal.Outputs;

/// <summary>An item that was done before, and whose output is whole: nothing of it is read before its turn.</summary>
/// <param name="asResult">Whether it is handed on as a result, and not as records.</param>
internal sealed class KeptItem(OutputReplay replay, ItemKey key, long at, object? input, bool asResult) : IKeptItem
{
    public void WriteTo(long index, IResultSink sink) => replay.Write(key, at, new BatchItem(index, input), sink, asResult);
}
