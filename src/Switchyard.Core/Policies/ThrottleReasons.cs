using System.Globalization;

namespace Switchyard.Policies;

/// <summary>Says in words and numbers why a limit was changed.</summary>
internal static class ThrottleReasons
{
    public static string Trial(in ThrottleMeasurement from, int candidate, double cpuShare) => candidate > from.Limit
        ? Text($"{Rate(from)}, {Share(from)}; the machine's CPU is busy {Percent(cpuShare)} with this process")
        : Text($"{Rate(from)}; fewer may do as well");

    public static string Rejected(in ThrottleMeasurement from, in ThrottleMeasurement trial) => trial.Limit > from.Limit
        ? Text($"{Rate(trial)} gained too little over {Rate(from)}")
        : Text($"{Rate(trial)} is less than {Rate(from)}");

    public static string Unfilled(in ThrottleMeasurement trial) =>
        Text($"only {trial.Occupancy * trial.Limit:0.#} of {trial.Limit} places were filled");

    public static string Next(string reason, int candidate) => Text($"{reason}; trying {candidate} instead");

    public static string Blind(int limit, double quietSeconds, double cpuShare) =>
        Text($"no item has ended for {quietSeconds * 1000:0} ms with all {limit} busy, CPU {Percent(cpuShare)}: the items wait");

    public static string Trivial(in ThrottleMeasurement m) =>
        Text($"an item takes {Time(m.Latency)}, and more workers than cores do not help such short ones");

    public static string OverKnee(in ThrottleMeasurement m, int cores) =>
        Text($"an item uses {Time(m.Cpu)} of CPU, so {cores} cores are busy with fewer; {Rate(m)}");

    private static string Rate(in ThrottleMeasurement m) => Text($"{Number(m.Throughput)} items/s at {m.Limit}");

    private static string Share(in ThrottleMeasurement m) => m.Cpu <= 0
        ? "the items use no CPU that can be seen"
        : Text($"CPU {Percent(m.CpuShare)} of an item's time, the items {(m.CpuShare < 0.5 ? "mostly wait" : "mostly compute")}");

    private static string Percent(double share) => Text($"{share * 100:0} %");

    private static string Number(double value) => value.ToString(value < 10 ? "0.0" : "0", CultureInfo.InvariantCulture);

    private static string Time(double seconds) => seconds < 0.001 ? Text($"{seconds * 1e6:0} us") : Text($"{seconds * 1000:0.#} ms");

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
