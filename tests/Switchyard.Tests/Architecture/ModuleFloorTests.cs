using Switchyard.Architecture;
using Xunit;

namespace Switchyard.Tests.Architecture;

/// <summary>The module's folders use only what stands below them. docs/design.md draws the floors.</summary>
public sealed class ModuleFloorTests
{
    private static readonly Floors _floors = new(
        "Switchyard",
        ["Engine", "Hosting", "Items"],
        ["Codec", "Errors", "Sharing"],
        ["Results", "SharedState", "Work"],
        ["Streams", "Control"],
        ["Runspaces", "Jobs"],
        ["Parameters"],
        ["Executables"],
        ["Journal", "ProcessWorkers"],
        ["Measuring"],
        ["Choosing"],
        ["Commands"])
    {
        InRoot = new Dictionary<string, string>
        {
            ["BatchInfo"] = "Results",
            ["BatchItemInfo"] = "Results",
            ["BatchJournalEntry"] = "Journal",
            ["BatchJournalSummary"] = "Journal",
            ["BatchErrorGroup"] = "Results",
            ["BatchResult"] = "Results",
            ["BatchWorkerInfo"] = "Results",
            ["BottleneckHost"] = "Results",
            ["BottleneckReport"] = "Results",
            ["HeldLocks"] = "SharedState",
            ["InputBlock"] = "Items",
            ["JournalState"] = "Journal",
            ["NonZeroExitException"] = "Errors",
            ["SharedCounter"] = "SharedState",
            ["SharedDictionary"] = "SharedState",
            ["SharedLock"] = "SharedState",
            ["SharedObject"] = "SharedState",
            ["SharedQueue"] = "SharedState",
            ["SplitShare"] = "Results",
            ["StandardErrorException"] = "Errors",
            ["TrialResult"] = "Results",
        },
    };

    [Fact]
    public void Every_folder_uses_only_what_stands_below_it() => Assert.Empty(_floors.FindViolations(typeof(BatchResult).Assembly));

    [Fact]
    public void Every_type_in_the_root_namespace_belongs_to_a_folder() => Assert.Empty(
        typeof(BatchResult).Assembly.GetTypes()
            .Where(type => type is { Namespace: "Switchyard", DeclaringType: null })
            .Select(type => type.Name)
            .Except([.. _floors.InRoot.Keys, "Messages", "MessageText"]));

    [Fact]
    public void The_document_draws_these_floors() =>
        Assert.Contains(
            _floors.Draw(),
            File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "design.md")).ReplaceLineEndings("\n"),
            StringComparison.Ordinal);
}
