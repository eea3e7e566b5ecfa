namespace Switchyard.Core.RemoteWorkers.Client.Hosts;

/// <summary>Says which machines there are, again and again while a run goes on.</summary>
internal interface IHostList : IDisposable
{
    /// <summary>Begins to tell the pool: by <see cref="HostPool.Replace"/>, or <see cref="HostPool.Fail"/> if there is no first answer.</summary>
    void Start(HostPool pool);
}
