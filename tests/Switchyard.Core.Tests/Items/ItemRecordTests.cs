using Switchyard.Core.Harness;

namespace Switchyard.Core.Items;

public sealed class ItemRecordTests
{
    [Fact]
    public void An_end_reaches_a_sink_as_its_result_or_not_at_all()
    {
        CollectingSink sink = new();
        ItemResult result = new() { Index = 2, Input = "x", Status = ItemStatus.Succeeded };
        new ItemRecord(2, RecordKind.End, result).WriteTo(sink);
        new ItemRecord(3, RecordKind.End, null).WriteTo(sink);
        Assert.Same(result, Assert.Single(sink.Results));
        Assert.Empty(sink.Records);
    }

    [Fact]
    public void Whatever_else_was_written_is_handed_on_as_it_is()
    {
        CollectingSink sink = new();
        ItemRecord[] records = [.. Enum.GetValues<RecordKind>().Where(kind => kind != RecordKind.End).Select(kind => new ItemRecord(1, kind, kind))];
        Array.ForEach(records, record => record.WriteTo(sink));
        Assert.Equal(records, sink.Records);
        Assert.Empty(sink.Results);
    }
}
