using Switchyard.Core.Analysis;

namespace Switchyard.Core.Trials.Metering;

/// <summary>Takes what metered workers record. On their threads.</summary>
internal interface IItemMeter
{
    /// <summary>Whether anything is to be recorded now.</summary>
    bool IsOn { get; }

    /// <summary>Whether the threads' use of the machine is read.</summary>
    bool IsProbed { get; }

    /// <summary>What was noted.</summary>
    BenchmarkLog Log { get; }

    /// <summary>Of the time of a probed worker's items, the share in which it waited for a disk.</summary>
    double DiskShare { get; set; }

    /// <summary>A worker is ready.</summary>
    void NoteOpened();

    /// <summary>The run is being stopped: workers that are open do not wait for those that will not come.</summary>
    void StopWaiting();

    void Note(in SampledItem item);
}
