using CsCheck;
using Switchyard.Core.Harness;

namespace Switchyard.Core.Stress;

[Trait("Category", "Stress")]
public sealed class BatchRunFaultsTests
{
    [Fact]
    public Task Every_item_has_one_result_whatever_goes_wrong_and_whenever_the_run_ends() => FaultPlan.Any.SampleAsync(
        async plan =>
        {
            using FaultTrial trial = new(plan);
            await trial.Run();
        },
        iter: 40,
        threads: 1);
}
