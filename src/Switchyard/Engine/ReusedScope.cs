namespace Switchyard.Engine;

/// <summary>
/// Runs a body for one item after another in a scope of its own each time, as the engine's own call does, but takes the scope object of the
/// last item again where that item has left nothing in it. Making and removing one costs half of the memory that a trivial item takes, and
/// memory is what a run of trivial items waits for: collecting it stops all workers.
/// </summary>
/// <remarks>
/// Its steps are the engine's own, written again, so it serves only on versions that they were compared with. There, too, what is unusual (a debugger,
/// another language mode, parameters) is left to the engine's own call.
/// </remarks>
internal sealed class ReusedScope
{
    private static readonly ScopeMembers? _members = IsChecked(typeof(PSObject).Assembly.GetName().Version!) ? EngineMembers.TryBind(() => new ScopeMembers()) : null;

    private readonly object _context;
    private readonly object _pipe;
    private readonly object? _invocation;
    private object? _scope;

    private ReusedScope(object context, object pipe, object? invocation)
    {
        _context = context;
        _pipe = pipe;
        _invocation = invocation;
    }

    /// <summary>Whether the engine has all that it takes, or is of a version that was not compared and has only its own call.</summary>
    public static bool IsBound => _members is not null || !IsChecked(typeof(PSObject).Assembly.GetName().Version!);

    public static bool IsUsed => _members is not null;

    /// <summary>Whether the steps were compared with those of an engine: of 7.4.19, 7.6.5 and 7.6.9.</summary>
    public static bool IsChecked(Version engine) => engine is { Major: 7, Minor: 4 or 6 };

    /// <summary>Binds to the command that runs on the current thread.</summary>
    /// <returns>What runs bodies, or null where only the engine's own call can.</returns>
    public static ReusedScope? For(Cmdlet command)
    {
        if (_members is null
            || EngineMembers.ContextOfCommand.Get(command) is not { } context
            || EngineMembers.OutputPipe.Get(command.CommandRuntime) is not { } pipe)
        {
            return null;
        }

        return new ReusedScope(context, pipe, _members.InvocationOf(context));
    }

    /// <summary>Runs a body.</summary>
    /// <param name="block">The body: of no session, and without parameters.</param>
    /// <returns>False if nothing was run, as only the engine's own call can.</returns>
    public bool TryInvoke(ScriptBlock block, object? item, object?[] arguments)
    {
        object scope = _scope ??= _members!.NewScope(_context);
        try
        {
            return _members!.TryRun(block, _context, _pipe, _invocation, scope, item, arguments);
        }
        finally
        {
            if (!_members!.IsEmpty(scope))
            {
                // What the item has left goes with the scope, as it would have with the engine's own.
                _scope = null;
                _members.RemoveScope(_context, scope);
            }
        }
    }
}
