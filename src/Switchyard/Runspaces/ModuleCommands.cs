using System.Management.Automation.Runspaces;
using Switchyard.Commands;

namespace Switchyard.Runspaces;

/// <summary>The commands of this module, for sessions that know them without importing it: that would cost each milliseconds.</summary>
internal static class ModuleCommands
{
    /// <summary>Gives them to sessions.</summary>
    public static void AddTo(InitialSessionState initial)
    {
        Add<InvokeThreadedBatchCommand>("Invoke-ThreadedBatch");
        Add<InvokeProcessBatchCommand>("Invoke-ProcessBatch");
        Add<MeasureBottleneckCommand>("Measure-Bottleneck");
        Add<GetBatchJournalCommand>("Get-BatchJournal");
        Add<NewSharedStateCommand>("New-SharedState");

        void Add<T>(string name) => initial.Commands.Add(new SessionStateCmdletEntry(name, typeof(T), null));
    }
}
