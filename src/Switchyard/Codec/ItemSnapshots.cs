using Switchyard.Core.Protocol;
using Switchyard.Engine;

namespace Switchyard.Codec;

/// <summary>
/// Takes down the items of which something can be asked only while the caller's session runs on this thread: a script property, such as
/// a process's CPU, has its value nowhere else. All others are written by the threads that send them, which are in no session.
/// </summary>
/// <param name="readerHasSession">Whether they are read for a session.</param>
internal sealed class ItemSnapshots(bool readerHasSession = true)
{
    // What is deeper is taken down here, whatever it is: looking for more would cost what writing does, and may never end.
    private const int MaxDepth = 3;

    private WireWriter? _writer;
    private ValueWriter? _values;
    private SessionTypeData? _types;

    public object? Prepare(object? item) => TryTake(item) is { } taken ? new PreparedItem(item) { Snapshot = taken } : item;

    /// <summary>Writes a value, if that has to be done here and now.</summary>
    /// <returns>What it is to another process; null if it can be written later.</returns>
    public byte[]? TryTake(object? value)
    {
        _types ??= SessionTypeData.OfRunningSession(null);
        if (_types is null || !IsOfSession(value, 0))
        {
            return null;
        }

        try
        {
            _writer ??= new WireWriter { SendsBlobs = false };
            _values ??= new ValueWriter { ReaderHasSession = readerHasSession };
            _writer.Clear();
            _values.Write(_writer, value);
            return _writer.ToArray();
        }
        catch (Exception exception) when (exception is not (OutOfMemoryException or PipelineStoppedException))
        {
            // Its own code may throw anything. It is read once more when it is sent, and what it throws then is that item's error.
            Debug.WriteLine(exception);
            return null;
        }
    }

    private bool IsOfSession(object? value, int depth)
    {
        PSObject? wrapper = value as PSObject;
        object? bare = wrapper is null ? value : wrapper.BaseObject;
        if (bare is null || (!_types!.IsEmpty && (bare is PSCustomObject || _types.IsOf(bare))))
        {
            return bare is not null;
        }

        if (wrapper is not null && InstanceMembers.Of(wrapper) is { } members && HasOfSession(members, depth))
        {
            return true;
        }

        return bare switch
        {
            PSCustomObject => false,
            IDictionary dictionary => depth == MaxDepth || HasOfSession(dictionary.Values, depth),
            Array array when LiveTypes.Contain(array.GetType().GetElementType()!) && !IsOpen(array.GetType().GetElementType()!) => false,
            IList list => depth == MaxDepth || HasOfSession(list, depth),
            IEnumerable and not string => !LiveTypes.Contain(bare.GetType()),
            _ => CliXml.IsUsedFor(bare),
        };
    }

    private bool HasOfSession(IEnumerable<PSMemberInfo> members, int depth)
    {
        foreach (PSMemberInfo member in members)
        {
            if (member is PSNoteProperty note ? note is not Providers.ProviderNote && (depth == MaxDepth || IsOfSession(note.Value, depth + 1)) : !InstanceMembers.IsOfEngine(member))
            {
                return true;
            }
        }

        return false;
    }

    private bool HasOfSession(ICollection values, int depth)
    {
        foreach (object? value in values)
        {
            if (IsOfSession(value, depth + 1))
            {
                return true;
            }
        }

        return false;
    }

    // Whether an array of these may hold anything.
    private static bool IsOpen(Type element) => element == typeof(object) || element == typeof(PSObject) || !(element.IsValueType || element == typeof(string));
}
