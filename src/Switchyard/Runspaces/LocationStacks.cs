using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Switchyard.Engine;

namespace Switchyard.Runspaces;

/// <summary>What code has pushed with <c>Push-Location</c> and not popped.</summary>
internal sealed class LocationStacks
{
    // The engine's name for it.
    private const string Default = "default";

    private readonly PathIntrinsics _path;
    private readonly IDictionary? _stacks;

    /// <summary>Binds to a session.</summary>
    /// <param name="runspace">Its open runspace.</param>
    public LocationStacks(Runspace runspace)
    {
        _path = runspace.SessionStateProxy.Path;
        _stacks = EngineSessions.LocationStacks(runspace);
    }

    /// <summary>Forgets all of it.</summary>
    public void Clear()
    {
        if (_stacks is not { Count: > 0 })
        {
            return;
        }

        // One that is there can be made the default again.
        _path.PushCurrentLocation(Default);
        _path.SetDefaultLocationStack(Default);
        _stacks.Clear();
    }
}
