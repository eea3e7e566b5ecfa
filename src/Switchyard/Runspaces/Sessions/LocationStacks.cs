using System.Management.Automation.Runspaces;
using Switchyard.Engine;

namespace Switchyard.Runspaces.Sessions;

/// <summary>What code has pushed with <c>Push-Location</c> and not popped.</summary>
internal sealed class LocationStacks
{
    // The engine's name for it.
    private const string Default = "default";

    private readonly PathIntrinsics _path;
    private readonly IDictionary? _stacks;

    public LocationStacks(Runspace runspace)
    {
        _path = runspace.SessionStateProxy.Path;
        _stacks = EngineSessions.LocationStacks(runspace);
    }

    public void Clear()
    {
        if (_stacks is { Count: 0 })
        {
            return;
        }

        // One that is there can be made the default again.
        _path.PushCurrentLocation(Default);
        _path.SetDefaultLocationStack(Default);
        if (_stacks is not null)
        {
            _stacks.Clear();
        }
        else
        {
            PopDefault();
        }
    }

    // All that is public, and it moves: the location is set after this. Stacks that code has given a name stay.
    private void PopDefault()
    {
        for (int left = _path.LocationStack(Default).Count; left > 0; left--)
        {
            try
            {
                _path.PopLocation(Default);
            }
            catch (RuntimeException exception) when (exception is SessionStateException or ProviderInvocationException)
            {
                // What was pushed is no longer there. It is off the stack.
                Debug.WriteLine(exception);
            }
        }
    }
}
