using Switchyard.Runspaces.Sessions;

namespace Switchyard.ProcessWorkers.Hosts;

/// <summary>That a script block says which machines there are, as the cmdlet's parameters say.</summary>
/// <param name="Session">What the session is given that it runs in.</param>
internal sealed record HostListRequest(ScriptBlock Block, SessionSettings Session);
