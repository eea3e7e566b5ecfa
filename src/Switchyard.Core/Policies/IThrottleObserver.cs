namespace Switchyard.Core.Policies;

/// <summary>Decides while a run goes on where its items run, by what its throttle was measured to do.</summary>
internal interface IThrottleObserver
{
    /// <summary>Takes the limit in force. On the throttle's thread.</summary>
    void NoteLimit(int limit);

    /// <summary>Takes a measurement. On the throttle's thread, which it must not hold up.</summary>
    /// <param name="left">How many items are expected to be left.</param>
    /// <returns>The limit to begin anew at, where items run elsewhere from now on; null if all goes on as it is.</returns>
    int? Judge(in ThrottleMeasurement measurement, double left);
}
