using System.Management.Automation.Host;

namespace Switchyard.Hosting;

/// <summary>A host that stands for the caller's: nothing that runs in a worker nests prompts or ends the caller.</summary>
internal abstract class HostProxy : PSHost
{
    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override void EnterNestedPrompt() => throw new PSNotSupportedException();

    public override void ExitNestedPrompt() => throw new PSNotSupportedException();

    public override void NotifyBeginApplication()
    {
    }

    public override void NotifyEndApplication()
    {
    }

    /// <summary>Does nothing: <c>exit</c> in a body ends its item, not the caller.</summary>
    public override void SetShouldExit(int exitCode)
    {
    }
}
