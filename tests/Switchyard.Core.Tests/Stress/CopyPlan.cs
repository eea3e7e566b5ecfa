using CsCheck;
using Switchyard.Core.Batch;

namespace Switchyard.Core.Stress;

/// <summary>A run whose slow items run twice at a time, drawn by lot: what each attempt at each item does.</summary>
/// <param name="Items">For each item what its attempts do, one after another and the last for all that follow.</param>
internal sealed record CopyPlan(
    int Throttle, bool KeepOrder, bool Collects, int Retries, int Losses, bool HasItemTimeout, int? MaxFailures, RunEnd End, int EndAt, AttemptFault[][] Items)
{
    public static Gen<CopyPlan> Any { get; } = Gen.Select(
        Gen.Int[2, 6],
        Gen.Select(Gen.Bool, Gen.Bool, Gen.Bool),
        Gen.Int[0, 2],
        Gen.Int[0, 3],
        Gen.Frequency((4, Gen.Const(0)), (1, Gen.Int[1, 6])),
        Gen.Frequency((4, Gen.Const(RunEnd.Completed)), (1, Gen.Const(RunEnd.Canceled)), (1, Gen.Const(RunEnd.TimedOut))),
        Gen.Int[0, 30],
        Kinds().Array[1, 4].Array[0, 40]).Select(
            (throttle, flags, retries, losses, failures, end, endAt, items) => new CopyPlan(
                throttle, flags.Item1, flags.Item2, retries, losses, flags.Item3, failures == 0 ? null : failures, end, endAt, items));

    public AttemptFault FaultOf(long item, int attempt)
    {
        AttemptFault[] attempts = Items[item];
        AttemptFault fault = attempts[Math.Min(attempt, attempts.Length) - 1];
        if (HasItemTimeout)
        {
            return fault;
        }

        // Without a deadline only another attempt ends what hangs: so there must be a worker for that, and it must succeed.
        return item == OnlyOneThatHangs ? (attempt == 1 ? AttemptFault.Hang : AttemptFault.None) : fault is AttemptFault.Hang ? AttemptFault.None : fault;
    }

    private long OnlyOneThatHangs => MaxFailures is not null || Items.Length < 2 * Throttle
        ? -1
        : Array.FindIndex(Items, 1, attempts => attempts[0] == AttemptFault.Hang);

    public override string ToString() =>
        $"throttle {Throttle}, order {KeepOrder}, results {Collects}, retries {Retries}, losses {Losses}, item timeout {HasItemTimeout}, most failures {MaxFailures}, "
        + $"ends {End} at {EndAt}: {string.Join(' ', Items.Select(attempts => string.Join('/', attempts)))}";

    private static Gen<AttemptFault> Kinds() => Gen.Frequency(
        (12, Gen.Const(AttemptFault.None)),
        (4, Gen.Const(AttemptFault.Slow)),
        (2, Gen.Const(AttemptFault.Hang)),
        (2, Gen.Const(AttemptFault.Fail)),
        (1, Gen.Const(AttemptFault.Lose)),
        (1, Gen.Const(AttemptFault.Crash)));
}
