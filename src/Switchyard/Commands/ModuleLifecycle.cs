using Switchyard.Control;
using Switchyard.Core.RemoteWorkers.Client;
using Switchyard.ProcessWorkers;
using Switchyard.Runspaces.Sessions;

namespace Switchyard.Commands;

/// <summary>Makes a process a worker that imports the module to be one, and gives back what the module keeps between batches when it is removed.</summary>
public sealed class ModuleLifecycle : IModuleAssemblyInitializer, IModuleAssemblyCleanup
{
    /// <summary>Called by the engine when the module is imported, in each session. In a worker's first one it returns when the worker is to end.</summary>
    public void OnImport()
    {
        if (WorkerEntryPoint.TakeCommand(out bool isFar))
        {
            WorkerEntryPoint.Run(isFar);
        }
    }

    /// <summary>Called by the engine when the module is removed.</summary>
    /// <param name="psModuleInfo">The module.</param>
    public void OnRemove(PSModuleInfo psModuleInfo)
    {
        WarmRunspacePool.Shared.Clear();
        RemoteWorkerPool.Shared.Clear();
        SharedObject.Hub.Dispose();
        BatchHub.Close();
    }
}
