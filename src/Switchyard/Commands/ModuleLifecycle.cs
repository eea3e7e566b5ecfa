using Switchyard.Core.RemoteWorkers.Client;
using Switchyard.Runspaces.Sessions;

namespace Switchyard.Commands;

/// <summary>Gives back what the module keeps between batches when it is removed.</summary>
public sealed class ModuleLifecycle : IModuleAssemblyCleanup
{
    /// <summary>Called by the engine when the module is removed.</summary>
    /// <param name="psModuleInfo">The module.</param>
    public void OnRemove(PSModuleInfo psModuleInfo)
    {
        WarmRunspacePool.Shared.Clear();
        RemoteWorkerPool.Shared.Clear();
        SharedObject.Hub.Dispose();
    }
}
