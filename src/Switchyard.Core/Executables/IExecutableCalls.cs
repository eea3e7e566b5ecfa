namespace Switchyard.Core.Executables;

/// <summary>
/// The caller's side of a run of executables: what one is given for each item, and how what happens to it is reported.
/// Called on the workers' threads, on several at a time.
/// </summary>
internal interface IExecutableCalls
{
    /// <summary>Makes what an executable is given for an item.</summary>
    /// <param name="slot">Number of the worker, from 1.</param>
    ExecutableCall Prepare(in BatchItem item, int slot);

    /// <summary>Makes the error or warning of a report, which is handed to the sink as it is.</summary>
    /// <param name="input">The item that it is about; null if it is about none.</param>
    object Make(object? input, ProgramReport report);

    /// <summary>Writes what is made of a report.</summary>
    void Report(IItemSink sink, object? input, ProgramReport report) =>
        sink.Write(report.IsWarning ? RecordKind.Warning : RecordKind.Error, Make(input, report));
}
