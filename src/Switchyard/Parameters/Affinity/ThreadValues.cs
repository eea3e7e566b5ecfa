using System.Management.Automation.Language;
using Switchyard.Engine;
using Switchyard.Errors;
using Switchyard.Runspaces.Cloning;
using Switchyard.Runspaces.Sessions;
using Switchyard.Sharing;

namespace Switchyard.Parameters.Affinity;

/// <summary>
/// Makes what a batch on threads is given fit for other sessions than the caller's: methods of the caller's classes and objects run where they are
/// called, functions are copies of their code. What cannot be so is refused before a worker sees it.
/// </summary>
internal sealed class ThreadValues : ISessionObjectRules
{
    private readonly SessionState _session;
    private readonly SessionNeeds _needs;
    private readonly SessionObjects _objects;

    // Those whose objects can be given.
    private readonly HashSet<ScriptClass> _checked = [];
    private object? _item;
    private string? _name;
    private bool _hasItems;

    /// <summary>Checks all but the items.</summary>
    /// <exception cref="BatchException">A value cannot be given to workers.</exception>
    public ThreadValues(SessionSettings settings, object?[] arguments, SessionState session, Action<string> warn)
    {
        _session = session;
        _needs = new SessionNeeds(settings);
        _objects = new SessionObjects(this);
        Arguments = [.. arguments.Select((value, i) => Check(value, $"-ArgumentList[{i}]"))];
        Settings = settings with
        {
            UsingValues = CheckUsing(settings.UsingValues),
            Variables = settings.Variables.ToDictionary(entry => entry.Key, entry => Check(entry.Value, "-Variable " + entry.Key), StringComparer.OrdinalIgnoreCase),
            Cloned = settings.Cloned is { } clone ? clone with { Variables = CheckCloned(clone.Variables, warn) } : null,
        };
    }

    public SessionSettings Settings { get; }

    public object?[] Arguments { get; }

    private string Name => _name ?? ItemText.Quote(_item);

    private bool IsItem => _name is null;

    /// <summary>Makes an item fit.</summary>
    /// <returns>The item; or that it fails, and why.</returns>
    /// <exception cref="BatchException">It is the first, and like it none may be given to workers.</exception>
    public object? Prepare(object? item)
    {
        bool isFirst = !_hasItems;
        _hasItems = true;
        _name = null;
        _item = item;
        try
        {
            return _objects.Visit(item);
        }
        catch (BatchException exception) when (!isFirst || !exception.Record.FullyQualifiedErrorId.EndsWith(nameof(SessionErrors.SessionObjectNotAllowed), StringComparison.Ordinal))
        {
            return new PreparedItem(item) { Failure = exception.Record };
        }
        finally
        {
            _item = null;
        }
    }

    public object Replace(object value, Func<string> place)
    {
        switch (value)
        {
            case ScriptBlock:
            case Delegate made when EngineBlocks.IsOfBlock(made):
                throw SessionErrors.ScriptBlockNotAllowed(Name + place(), value);
            case PSModuleInfo module when !IsItem:
                throw SessionErrors.SessionObjectNotAllowed(Name + place(), MessageText.Format(Messages.ModuleValue, module.Name), Messages.ModuleRunsInSession, module);
            case AliasInfo { ResolvedCommand: FunctionInfo function } when !IsItem:
                return Copy(function, place);
            case FunctionInfo function:
                return Copy(function, place);
            default:
                return value;
        }
    }

    public void Free(ScriptClass kind, object instance, Func<string> place)
    {
        if (!kind.HasMethods)
        {
            return;
        }

        object? session = kind.SessionOf(instance);
        if (!_checked.Contains(kind))
        {
            if (_needs.Find(kind.Code, session) is { } need)
            {
                throw NotAllowed(MessageText.Format(Messages.ClassValue, kind.Name), need, place, instance);
            }

            kind.FreeStaticMethods();
            _checked.Add(kind);
        }

        if (!kind.TryFree(instance))
        {
            throw SessionErrors.SessionObjectNotAllowed(Name + place(), MessageText.Format(Messages.ClassValue, kind.Name), Messages.ClassRunsInSession, instance);
        }
    }

    public void Free(ScriptClass kind) => kind.FreeStaticMethods();

    public void Refuse(object value, Func<string> place) => throw SessionErrors.ScriptBlockNotAllowed(Name + place(), value);

    public ScriptBlock? Unbind(ScriptBlock code, Func<string> place)
    {
        // A module's, or a closure, which is a module of its own.
        string? need = code.Module is not null ? Messages.NeedOfModule : _needs.FindVariable(code.Ast, _session);
        return need is null ? EngineBlocks.Unbind(code) : throw NotAllowed(Messages.MemberValue, need, place, code);
    }

    private BatchException NotAllowed(string kind, string need, Func<string> place, object value) =>
        SessionErrors.SessionObjectNotAllowed(Name + place(), kind, MessageText.Format(Messages.NeedsOfSession, need), value);

    // A module's, as an item or in a list as Get-Command makes it, is most likely only looked at.
    private object Copy(FunctionInfo function, Func<string> place)
    {
        if (EngineMembers.BlockSession.Get(function.ScriptBlock) is null && !EngineMembers.BlockSession.IsMissing)
        {
            return function;
        }

        if (function.Module is null || (!IsItem && place().Length == 0))
        {
            Ast code = function.ScriptBlock.Ast;
            if ((function.Module is null ? _needs.FindVariable(code, _session) : _needs.Find([code], EngineMembers.BlockSession.Get(function.ScriptBlock))) is { } need)
            {
                throw NotAllowed(MessageText.Format(Messages.FunctionValue, function.Name), need, place, function);
            }
        }

        object? copy = EngineMembers.CopyCommand.Info?.Invoke(function, [null]);
        return copy is not null && EngineMembers.FunctionBlock.TrySet(copy, EngineBlocks.Unbind(function.ScriptBlock)) ? copy
            : IsItem ? function
            : throw SessionErrors.ScriptBlockNotAllowed(Name + place(), function);
    }

    private object? Check(object? value, string name)
    {
        _name = name;
        return _objects.Visit(value);
    }

    private Hashtable? CheckUsing(Hashtable? values)
    {
        Hashtable? given = values is null ? null : new Hashtable(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in values ?? [])
        {
            given![entry.Key] = Check(entry.Value, UsingValues.TextOf((string)entry.Key));
        }

        return given;
    }

    private List<ClonedVariable> CheckCloned(IReadOnlyList<ClonedVariable> variables, Action<string> warn)
    {
        List<ClonedVariable> given = [];
        List<string> left = [];
        foreach (ClonedVariable variable in variables)
        {
            try
            {
                given.Add(variable with { Value = Check(variable.Value, "$" + variable.Name) });
            }
            catch (BatchException)
            {
                left.Add(variable.Name);
            }
        }

        if (left.Count > 0)
        {
            warn(SessionErrors.CloneIncomplete(left, []));
        }

        return given;
    }
}
