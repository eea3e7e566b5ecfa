using System.Diagnostics;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Switchyard.Engine;
using Switchyard.Protocol;

namespace Switchyard.Codec;

/// <summary>
/// Takes down the items that are sent as bags of their properties while the caller's session can be asked: a script property, such as
/// a process's CPU, has its value nowhere else. On the pipeline's thread. What items hold is taken down with them, but items that arrive
/// live are sent later, and bags inside them lack such properties.
/// </summary>
internal sealed class ItemSnapshots
{
    private readonly Dictionary<Type, bool> _areBags = [];

    /// <summary>Takes an item down, if that is needed.</summary>
    /// <param name="item">The item.</param>
    /// <returns>What the workers are given in its place.</returns>
    public object? Prepare(object? item)
    {
        if (Runspace.DefaultRunspace is null || !IsBag(item))
        {
            return item;
        }

        try
        {
            return new PreparedItem(item) { Snapshot = ValueWriter.Serialize(item!) };
        }
        catch (Exception exception) when (exception is not (OutOfMemoryException or PipelineStoppedException))
        {
            // Whatever its own code throws: it is looked at once more when it is sent, and then told of as that item's error.
            Debug.WriteLine(exception);
            return item;
        }
    }

    private bool IsBag(object? item)
    {
        PSObject? wrapper = item as PSObject;
        object? bare = wrapper is null ? item : wrapper.BaseObject;
        if (bare is null or int or string)
        {
            return false;
        }

        if (wrapper is not null && InstanceMembers.Of(wrapper) is { } members && !ValueWriter.HasOnlyNotes(members, out _))
        {
            return true;
        }

        Type type = bare.GetType();
        return bare is not PSCustomObject
            && !LiveTypes.Contain(type)
            && (_areBags.TryGetValue(type, out bool isBag) ? isBag : _areBags[type] = IsWrittenAsBag(bare));
    }

    private static bool IsWrittenAsBag(object value)
    {
        WireWriter writer = new();
        try
        {
            new ValueWriter().Write(writer, value);
        }
        catch (Exception exception) when (exception is not (OutOfMemoryException or PipelineStoppedException))
        {
            Debug.WriteLine(exception);
            return false;
        }

        WireReader reader = new();
        byte[] written = writer.ToArray();
        reader.Reset(written, 0, written.Length, []);
        return (ValueTag)reader.ReadByte() == ValueTag.CliXml;
    }
}
