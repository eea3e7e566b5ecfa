using CsCheck;
using Switchyard.Core.Batch;

namespace Switchyard.Core.Harness;

/// <summary>A run in which anything may go wrong, drawn by lot.</summary>
internal sealed record FaultPlan(
    int Throttle, bool KeepOrder, int Retries, bool HasItemTimeout, int? MaxFailures, RunEnd End, int EndAt, ItemFault[] Items)
{
    /// <summary>Any plan. Deaf items are rare, as each may cost half a second at the end of its run.</summary>
    public static Gen<FaultPlan> Any { get; } = Gen.Select(
        Gen.Int[1, 5],
        Gen.Bool,
        Gen.Int[0, 3],
        Gen.Bool,
        Gen.Frequency((3, Gen.Const(0)), (1, Gen.Int[1, 6])),
        Gen.Frequency((2, Gen.Const(RunEnd.Completed)), (1, Gen.Const(RunEnd.Canceled)), (1, Gen.Const(RunEnd.TimedOut))),
        Gen.Int[0, 40],
        Gen.Select(Gen.Int[0, 9], Kinds().Array[0, 80])).Select(
            (throttle, order, retries, timeout, failures, end, endAt, items) => new FaultPlan(
                throttle,
                order,
                retries,
                timeout,
                failures == 0 ? null : failures,
                end,
                endAt,
                [.. items.Item2.Select((fault, i) => fault == ItemFault.Deaf && (items.Item1 != 0 || i % 4 != 0) ? ItemFault.Slow : fault)]));

    /// <summary>Whether an item that hangs would never be ended.</summary>
    public bool HangsForever => !HasItemTimeout && End == RunEnd.Completed;

    public override string ToString() =>
        $"throttle {Throttle}, order {KeepOrder}, retries {Retries}, item timeout {HasItemTimeout}, most failures {MaxFailures}, "
        + $"ends {End} at {EndAt}: {string.Join(' ', Items)}";

    private static Gen<ItemFault> Kinds() => Gen.Frequency(
        (12, Gen.Const(ItemFault.None)),
        (2, Gen.Const(ItemFault.Fail)),
        (2, Gen.Const(ItemFault.FailTwice)),
        (2, Gen.Const(ItemFault.Slow)),
        (1, Gen.Const(ItemFault.HangOnce)),
        (1, Gen.Const(ItemFault.Hang)),
        (1, Gen.Const(ItemFault.Deaf)));
}
