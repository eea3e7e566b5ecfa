using System.Management.Automation.Host;

namespace Switchyard.Hosting;

/// <summary>
/// The host that a worker's session sees: the caller's by name, version and culture, its prompts and direct writes passed on.
/// What has a stream (warnings, progress, <c>Write-Host</c>) is not: it goes back through the streams, where the caller can
/// redirect it.
/// </summary>
internal sealed class WorkerHost(PSHost caller) : HostProxy
{
    public override string Name => caller.Name;

    public override Version Version => caller.Version;

    public override PSHostUserInterface UI { get; } = new WorkerHostUI(caller.UI);

    public override CultureInfo CurrentCulture => caller.CurrentCulture;

    public override CultureInfo CurrentUICulture => caller.CurrentUICulture;

    public override PSObject PrivateData => caller.PrivateData;

    public override void NotifyBeginApplication() => caller.NotifyBeginApplication();

    public override void NotifyEndApplication() => caller.NotifyEndApplication();
}
