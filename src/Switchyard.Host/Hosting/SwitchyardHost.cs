using System.Globalization;
using System.Management.Automation.Host;
using System.Reflection;

namespace Switchyard.Host.Hosting;

/// <summary>The program that the engine runs in.</summary>
internal sealed class SwitchyardHost(HostConsole console) : PSHost
{
    private int? _exitCode;

    /// <summary>What the script said with <c>exit</c> or <c>$host.SetShouldExit</c>.</summary>
    public int? RequestedExitCode => _exitCode;

    public override string Name => "Switchyard.Host";

    public override Version Version { get; } = Assembly.GetExecutingAssembly().GetName().Version ?? new Version(0, 0);

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override PSHostUserInterface UI => console;

    public override CultureInfo CurrentCulture { get; } = CultureInfo.CurrentCulture;

    public override CultureInfo CurrentUICulture { get; } = CultureInfo.CurrentUICulture;

    public override void SetShouldExit(int exitCode) => _exitCode = exitCode;

    public override void EnterNestedPrompt() => throw new NotSupportedException("Switchyard.Host has no prompt to enter.");

    public override void ExitNestedPrompt() => throw new NotSupportedException("Switchyard.Host has no prompt to leave.");

    public override void NotifyBeginApplication() => console.ClearProgress();

    public override void NotifyEndApplication()
    {
    }
}
