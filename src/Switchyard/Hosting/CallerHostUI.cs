using System.Management.Automation.Host;

namespace Switchyard.Hosting;

/// <summary>The user interface of a caller in another process: it can be written to, and cannot prompt.</summary>
internal sealed class CallerHostUI : HostUIProxy
{
    public Action<HostText>? Written { private get; set; }

    protected override void Write(HostText text, Action<PSHostUserInterface> write) => Written?.Invoke(text);

    protected override T Ask<T>(Func<PSHostUserInterface, T> ask) => throw new InvalidOperationException(Messages.WorkerCannotPrompt);
}
