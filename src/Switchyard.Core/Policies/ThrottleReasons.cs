namespace Switchyard.Core.Policies;

/// <summary>Says in words and numbers why a limit was changed.</summary>
internal static class ThrottleReasons
{
    public static string Trial(in ThrottleMeasurement from, int candidate, double cpuShare) => candidate > from.Limit
        ? Text(Messages.ThrottleMore, Rate(from), Share(from), Percent(cpuShare))
        : Text(Messages.ThrottleFewer, Rate(from));

    public static string Rejected(in ThrottleMeasurement from, in ThrottleMeasurement trial) => trial.Limit > from.Limit
        ? Text(Messages.ThrottleGainedLittle, Rate(trial), Rate(from))
        : Text(Messages.ThrottleLost, Rate(trial), Rate(from));

    public static string Unfilled(in ThrottleMeasurement trial) =>
        Text(Messages.ThrottleUnfilled, trial.Occupancy * trial.Limit, trial.Limit);

    public static string Next(string reason, int candidate) => Text(Messages.ThrottleNext, reason, candidate);

    public static string Blind(int limit, double quietSeconds, double cpuShare) =>
        Text(Messages.ThrottleBlind, quietSeconds * 1000, limit, Percent(cpuShare));

    public static string Trivial(in ThrottleMeasurement m) =>
        Text(Messages.ThrottleTrivial, Time(m.Latency));

    public static string OverKnee(in ThrottleMeasurement m, int cores) =>
        Text(Messages.ThrottleOverKnee, Time(m.Cpu), cores, Rate(m));

    public static string Knee(double cpuShare, int cores) => Text(Messages.ThrottleKnee, Percent(cpuShare), cores);

    public static string Busy(int opened) => Text(Messages.ThrottleBusy, opened);

    public static string Known(double cpuShare) => Text(Messages.ThrottleKnown, Percent(cpuShare));

    public static string Places(double quickest, double before) => Text(Messages.ThrottlePlaces, Time(quickest), Time(before));

    private static string Rate(in ThrottleMeasurement m) => Text(Messages.ThrottleRate, Number(m.Throughput), m.Limit);

    private static string Share(in ThrottleMeasurement m) => m.Cpu <= 0
        ? Messages.ThrottleNoCpu
        : Text(m.CpuShare < 0.5 ? Messages.ThrottleWaits : Messages.ThrottleComputes, Percent(m.CpuShare));

    private static string Percent(double share) => Text("{0:0} %", share * 100);

    private static string Number(double value) => value.ToString(value < 10 ? "0.0" : "0", CultureInfo.InvariantCulture);

    private static string Time(double seconds) => seconds < 0.001 ? Text("{0:0} us", seconds * 1e6) : Text("{0:0.#} ms", seconds * 1000);

    private static string Text(string message, params object?[] figures) => MessageText.FormatFigures(message, figures);
}
