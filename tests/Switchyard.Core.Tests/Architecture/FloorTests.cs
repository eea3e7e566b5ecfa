using Switchyard.Architecture;
using Switchyard.Core.Batch;

namespace Switchyard.Core.Architecture;

public sealed class FloorTests
{
    private static readonly Floors _floors = new(
        "Switchyard.Core",
        ["Items", "Files", "Gauges", "Protocol", "Stopping", "Telemetry"],
        ["Queues", "Policies", "Journal", "Processes", "Analysis", "Probes"],
        ["Batch", "Executables", "Transports"],
        ["RemoteWorkers", "Trials", "SharedState", "Control"],
        ["RemoteWorkers.Client", "RemoteWorkers.Server", "Choices"],
        ["RemoteExecutables"]);

    [Fact]
    public void Every_folder_uses_only_what_stands_below_it() => Assert.Empty(_floors.FindViolations(typeof(BatchRun).Assembly));

    [Fact]
    public void An_arrow_that_points_up_and_an_unlisted_folder_are_found()
    {
        Floors wrong = new("Switchyard.Core", ["Batch", "Queues"], ["Items"], ["Attic"]);

        IReadOnlyList<string> found = wrong.FindViolations(typeof(BatchRun).Assembly);

        Assert.Contains("Queues (1) uses Items (2): RetryQueue -> BatchItem", found);
        Assert.Contains("Batch (1) uses Queues (1): OutputReader -> OrderBuffer", found);
        Assert.Contains("Journal is in no floor", found);
        Assert.Contains("Attic is empty", found);
    }

    [Fact]
    public void The_document_draws_these_floors() =>
        Assert.Contains(
            _floors.Draw(),
            File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "design.md")).ReplaceLineEndings("\n"),
            StringComparison.Ordinal);
}
