using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;

namespace Switchyard.Hosting;

/// <summary>
/// The host that a worker's session sees: the caller's by name, version and culture, its prompts and direct writes passed on.
/// What has a stream (warnings, progress, <c>Write-Host</c>) is not: it goes back through the streams, where the caller can
/// redirect it.
/// </summary>
internal sealed class WorkerHost : PSHost
{
    private readonly PSHost _caller;

    public WorkerHost(PSHost caller)
    {
        _caller = caller;
        UI = new WorkerHostUI(caller.UI);
    }

    /// <inheritdoc/>
    public override string Name => _caller.Name;

    /// <inheritdoc/>
    public override Version Version => _caller.Version;

    /// <inheritdoc/>
    public override Guid InstanceId { get; } = Guid.NewGuid();

    /// <inheritdoc/>
    public override PSHostUserInterface UI { get; }

    /// <inheritdoc/>
    public override CultureInfo CurrentCulture => _caller.CurrentCulture;

    /// <inheritdoc/>
    public override CultureInfo CurrentUICulture => _caller.CurrentUICulture;

    /// <inheritdoc/>
    public override PSObject PrivateData => _caller.PrivateData;

    /// <inheritdoc/>
    public override void EnterNestedPrompt() => throw new PSNotSupportedException();

    /// <inheritdoc/>
    public override void ExitNestedPrompt() => throw new PSNotSupportedException();

    /// <inheritdoc/>
    public override void NotifyBeginApplication() => _caller.NotifyBeginApplication();

    /// <inheritdoc/>
    public override void NotifyEndApplication() => _caller.NotifyEndApplication();

    /// <summary>Does nothing: <c>exit</c> in a body ends its item, not the caller.</summary>
    /// <param name="exitCode">Not used.</param>
    public override void SetShouldExit(int exitCode)
    {
    }
}
