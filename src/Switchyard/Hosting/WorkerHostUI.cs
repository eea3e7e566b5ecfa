using System.Management.Automation.Host;

namespace Switchyard.Hosting;

/// <summary>Passes prompts and direct writes of one worker on to the caller's user interface, one at a time.</summary>
internal sealed class WorkerHostUI(PSHostUserInterface? caller) : HostUIProxy
{
    // The engine echoes an information record right after it has put it into the stream. One worker, one user interface: so the
    // next write is the echo, if it says the same.
    private string? _echo;

    public override PSHostRawUserInterface? RawUI => caller?.RawUI;

    public override bool SupportsVirtualTerminal => caller?.SupportsVirtualTerminal ?? false;

    /// <summary>Whether the session is being opened: what the engine says of the machine then, it said when the caller's was.</summary>
    public bool IsOpening { get; set; }

    /// <summary>Announces the echo of a record that was just put into a stream: a write of this text is dropped.</summary>
    public void ExpectEcho(string text) => _echo = text;

    protected override void Write(HostText text, Action<PSHostUserInterface> write)
    {
        bool isEcho = _echo is not null && _echo == text.Text;
        _echo = null;
        if (!isEcho && !IsOpening && caller is not null)
        {
            lock (caller)
            {
                write(caller);
            }
        }
    }

    protected override T Ask<T>(Func<PSHostUserInterface, T> ask)
    {
        if (caller is null)
        {
            throw new PSNotSupportedException();
        }

        lock (caller)
        {
            return ask(caller);
        }
    }
}
