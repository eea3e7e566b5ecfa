using System.Reflection;
using System.Runtime.CompilerServices;
using Switchyard.Engine;

namespace Switchyard.Sharing;

/// <summary>
/// Looks through what another session is given, whatever holds it, for what belongs to the session that made it. Objects are shared and so
/// changed where they are: their members and elements are set to what may be shared.
/// </summary>
/// <remarks>For one thread at a time.</remarks>
internal sealed class SessionObjects(ISessionObjectRules rules)
{
    // What is deeper is looked at later, for the sake of the stack.
    private const int MaxDepth = 100;

    private readonly SessionObjectTypes _types = new();
    private readonly HashSet<object> _seen = new(ReferenceEqualityComparer.Instance);
    private readonly ObjectPath _path = new();
    private readonly Queue<object> _deeper = new();
    private Type? _lastType;
    private SessionObjectKind _lastKind;

    /// <summary>Looks through a value.</summary>
    /// <returns>What may be given to another session: the value, or what the rules put in its place.</returns>
    public object? Visit(object? value)
    {
        if (IsPlain(value))
        {
            return value;
        }

        _seen.Clear();
        _path.Clear();
        object? given = VisitOne(value);
        while (_deeper.TryDequeue(out object? next))
        {
            VisitOne(next);
        }

        return given;
    }

    // What nearly all items are: a value by itself, or with notes of values by themselves. All without an object made for it.
    private bool IsPlain(object? value)
    {
        if (value is not PSObject wrapper || !IsOfPlainType(wrapper.BaseObject))
        {
            return value is not PSObject && IsOfPlainType(value);
        }

        if (wrapper.BaseObject is PSCustomObject && InstanceMembers.TableOf(wrapper) is { } table)
        {
            lock (table)
            {
                for (int i = 0; i < table.Count; i++)
                {
                    if (!IsPlainMember(table[i]))
                    {
                        return false;
                    }
                }
            }

            return true;
        }

        return EnginePipelines.IsBare(wrapper) || InstanceMembers.Of(wrapper)?.All(IsPlainMember) != false;
    }

    private bool IsPlainMember(object? member) =>
        member is PSNoteProperty note ? IsPlainValue(note.Value) : member is not (PSScriptMethod or PSScriptProperty);

    // Whether it holds nothing, not even in a wrapper, as a variable of the pipeline's has.
    private bool IsPlainValue(object? value) => value is PSObject wrapper
        ? wrapper.BaseObject is var bare && bare is not PSCustomObject && EnginePipelines.IsBare(wrapper) && IsOfPlainType(bare)
        : IsOfPlainType(value);

    private bool IsOfPlainType(object? value)
    {
        // Also what every file has with it.
        if (value is null or string or int or bool or PSCustomObject or FileSystemInfo or PSDriveInfo or ProviderInfo)
        {
            return true;
        }

        Type type = value.GetType();
        if (type != _lastType)
        {
            _lastKind = _types.KindOf(type);
            _lastType = type;
        }

        return _lastKind == SessionObjectKind.None;
    }

    private object? VisitOne(object? value)
    {
        if (IsPlain(value))
        {
            return value;
        }

        PSObject? wrapper = value as PSObject;
        object bare = wrapper?.BaseObject ?? value!;
        SessionObjectKind kind = _types.KindOf(bare.GetType());
        if (kind == SessionObjectKind.Code)
        {
            object given = rules.Replace(bare, _path.ToString);
            return ReferenceEquals(given, bare) ? value : given;
        }

        if (_path.Length >= MaxDepth)
        {
            _deeper.Enqueue(value!);
            return value;
        }

        // A wrapper has members of its own, and there may be several of one object.
        bool isNew = _seen.Add(bare is PSCustomObject ? wrapper! : bare);
        if (wrapper is not null && (bare is PSCustomObject ? isNew : _seen.Add(wrapper)) && InstanceMembers.Of(wrapper) is { } members)
        {
            VisitMembers(wrapper, members);
        }

        if (isNew)
        {
            VisitContents(bare, kind);
        }

        return value;
    }

    private void VisitContents(object bare, SessionObjectKind kind)
    {
        switch (kind)
        {
            case SessionObjectKind.Instance:
                VisitInstance(bare);
                break;
            case SessionObjectKind.Type when ScriptClass.Of((Type)bare) is { } given:
                rules.Free(given);
                break;
            default:
                VisitElements(bare, kind);
                break;
        }
    }

    private void VisitElements(object value, SessionObjectKind kind)
    {
        try
        {
            switch (kind)
            {
                case SessionObjectKind.Dictionary:
                    VisitEntries((IDictionary)value);
                    break;
                case SessionObjectKind.List:
                    IList list = (IList)value;
                    for (int i = 0; i < list.Count; i++)
                    {
                        VisitElement(list, i, list[i]);
                    }

                    break;
                case SessionObjectKind.Sequence:
                    int position = 0;
                    foreach (object? element in (IEnumerable)value)
                    {
                        VisitPart(position++, element, null);
                    }

                    break;
                case SessionObjectKind.Tuple:
                    ITuple tuple = (ITuple)value;
                    for (int i = 0; i < tuple.Length; i++)
                    {
                        VisitPart(i, tuple[i], null);
                    }

                    break;
                case SessionObjectKind.Holder when SessionObjectTypes.HeldBy(value.GetType()) is { } property:
                    VisitPart(property.Name, property.GetValue(value), property.CanWrite && !value.GetType().IsValueType ? given => property.SetValue(value, given) : null);
                    break;
            }
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentOutOfRangeException)
        {
            // An item that runs changes it meanwhile. What that puts in is that session's.
            Debug.WriteLine(exception);
        }
    }

    private void VisitEntries(IDictionary dictionary)
    {
        List<(object Key, object? Given)> changed = [];
        foreach (DictionaryEntry entry in dictionary)
        {
            VisitEntry(entry.Key, entry.Value, changed);
        }

        foreach ((object key, object? given) in changed)
        {
            dictionary[key] = given;
        }
    }

    // What is plain is not to cost an object.
    private void VisitElement(IList list, int index, object? element)
    {
        if (!IsPlain(element))
        {
            VisitPart(index, element, Setter(list, index));
        }
    }

    private void VisitEntry(object key, object? value, List<(object Key, object? Given)> changed) =>
        VisitPart(key, value, IsPlain(value) ? null : Setter(changed, key));

    private static Action<object?> Setter(IList list, int index) => given => list[index] = given;

    private static Action<object?> Setter(List<(object Key, object? Given)> changed, object key) => given => changed.Add((key, given));

    private void VisitInstance(object instance)
    {
        ScriptClass kind = ScriptClass.Of(instance.GetType())!;
        rules.Free(kind, instance, _path.ToString);
        foreach (FieldInfo field in kind.Fields)
        {
            VisitPart(field.Name.TrimStart('<').Split('>')[0], field.GetValue(instance), given => field.SetValue(instance, given));
        }

        VisitElements(instance, _types.FindCollection(instance.GetType()));
    }

    private void VisitMembers(PSObject wrapper, IEnumerable<PSMemberInfo> members)
    {
        List<PSMemberInfo>? bound = null;
        foreach (PSMemberInfo member in members)
        {
            switch (member)
            {
                case PSNoteProperty note:
                    VisitNote(note, note.Value);
                    break;
                case PSScriptMethod or PSScriptProperty:
                    (bound ??= []).Add(member);
                    break;
            }
        }

        foreach (PSMemberInfo member in bound ?? [])
        {
            _path.Enter(member.Name);
            if (BoundMembers.Unbind(member, rules, _path.ToString) is { } free)
            {
                wrapper.Members.Remove(member.Name);
                wrapper.Members.Add(free);
            }

            _path.Leave();
        }
    }

    private void VisitNote(PSNoteProperty note, object? value) => VisitPart(note.Name, value, IsPlain(value) ? null : Setter(note));

    private static Action<object?> Setter(PSNoteProperty note) => given => note.Value = given;

    private void VisitPart(object key, object? value, Action<object?>? replace)
    {
        if (IsPlain(value))
        {
            return;
        }

        _path.Enter(key);
        object? given = VisitOne(value);
        if (!ReferenceEquals(given, value))
        {
            try
            {
                replace?.Invoke(given);
            }
            catch (Exception exception) when (exception is NotSupportedException or ArgumentException or SetValueException)
            {
                // It lets nothing be changed, or only to what is not as this.
                Debug.WriteLine(exception);
                replace = null;
            }

            if (replace is null)
            {
                rules.Refuse(value!, _path.ToString);
            }
        }

        _path.Leave();
    }
}
