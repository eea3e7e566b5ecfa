using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace Switchyard.Bodies;

/// <summary>Puts a worker's session in order before each item: what one item leaves behind is not what the next one finds.</summary>
internal sealed class ItemScope
{
    private readonly Action<bool>? _setQuestionMark;
    private readonly ArrayList? _errors;
    private readonly PathIntrinsics _path;
    private readonly string _location;

    /// <summary>Binds to a session that is set up and at the location that its items start at.</summary>
    /// <param name="runspace">The open runspace.</param>
    public ItemScope(Runspace runspace)
    {
        _setQuestionMark = EngineInternals.BindQuestionMark(runspace);
        _errors = runspace.SessionStateProxy.GetVariable("Error") as ArrayList;
        _path = runspace.SessionStateProxy.Path;
        _location = _path.CurrentLocation.Path;
    }

    /// <summary><c>$?</c> and <c>$Error</c> start clean, at the caller's location.</summary>
    public void Reset()
    {
        _setQuestionMark?.Invoke(true);
        if (_errors is { Count: > 0 })
        {
            _errors.Clear();
        }

        if (!string.Equals(_path.CurrentLocation.Path, _location, StringComparison.Ordinal))
        {
            _path.SetLocation(WildcardPattern.Escape(_location));
        }
    }
}
