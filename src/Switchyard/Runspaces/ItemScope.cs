using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using Switchyard.Engine;
using Switchyard.Runspaces.Sessions;

namespace Switchyard.Runspaces;

/// <summary>Puts a worker's session in order before each item: what one item leaves behind is not what the next one finds.</summary>
internal sealed class ItemScope
{
    private const string ExitCode = "LASTEXITCODE";

    private static readonly ScriptBlock _success = Parser.ParseInput("$null", out _, out _).GetScriptBlock();

    private readonly Action<bool> _setQuestionMark;
    private readonly ArrayList? _errors;
    private readonly PathIntrinsics _path;
    private readonly string _location;
    private readonly LocationStacks _stacks;
    private readonly HeldLocks _locks;
    private readonly PSVariable _exitCode;
    private readonly object? _givenExitCode;
    private readonly DefaultParameters _defaults;
    private readonly SessionEvents _events;
    private readonly bool _isWatched;
    private SessionJobs? _jobs;
    private bool _hasMoved;

    /// <summary>Binds to a session that is set up and at the location that its items start at.</summary>
    public ItemScope(Runspace runspace)
    {
        _setQuestionMark = EngineSessions.BindQuestionMark(runspace) ?? SetByRunning;
        _errors = runspace.SessionStateProxy.GetVariable("Error") as ArrayList;
        _path = runspace.SessionStateProxy.Path;
        _location = _path.CurrentLocation.Path;
        _stacks = new LocationStacks(runspace);
        _locks = HeldLocks.Of(runspace);
        PSVariableIntrinsics variables = runspace.SessionStateProxy.PSVariable;
        if (variables.Get(ExitCode) is null)
        {
            // The engine sets the one that is there.
            variables.Set(new PSVariable(ExitCode, null));
        }

        _exitCode = variables.Get(ExitCode);
        _givenExitCode = _exitCode.Value;
        _defaults = new DefaultParameters(runspace);
        _events = new SessionEvents(runspace);
        _isWatched = EngineSessions.TryWatchLocation(runspace, () => _hasMoved = true);
    }

    /// <summary>Lets go of the shared locks that an item still holds at its end.</summary>
    public IReadOnlyList<SharedLock> ReleaseLocks() => _locks.AbandonAll();

    /// <summary>Takes note of the session's list of jobs, which only a command in it has.</summary>
    public SessionJobs UseJobs(JobRepository jobs) => _jobs ??= new SessionJobs(jobs);

    /// <summary>
    /// What code changes without saying that it means the whole session is as it was: <c>$?</c>, <c>$Error</c>, <c>$LASTEXITCODE</c>, default parameter
    /// values, events and their subscribers, jobs, locations and their stacks.
    /// </summary>
    public void Reset()
    {
        if (!ReferenceEquals(_exitCode.Value, _givenExitCode))
        {
            _exitCode.Value = _givenExitCode;
        }

        _defaults.Reset();
        _events.Reset();
        _jobs?.Reset();
        _setQuestionMark(true);
        if (_errors is { Count: > 0 })
        {
            _errors.Clear();
        }

        _stacks.Clear();

        // Reading the location costs half as much as running a trivial item.
        if (_hasMoved || (!_isWatched && _path.CurrentLocation.Path != _location))
        {
            _path.SetLocation(WildcardPattern.Escape(_location));
            _hasMoved = false;
        }
    }

    // Code that succeeds sets it, too, at the cost of a pipeline.
    private static void SetByRunning(bool isSuccess) => _success.Invoke();
}
