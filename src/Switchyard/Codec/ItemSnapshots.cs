using System.Diagnostics;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Switchyard.Engine;

namespace Switchyard.Codec;

/// <summary>
/// Takes down the items that are sent as bags of their properties while the caller's session can be asked: a script property, such as
/// a process's CPU, has its value nowhere else. On the pipeline's thread. Items that arrive live are sent later, and bags inside them lack
/// such properties; so do items of a queue that feeds a job, which has no session.
/// </summary>
internal static class ItemSnapshots
{
    /// <summary>Takes an item down, if that is needed.</summary>
    /// <param name="item">The item.</param>
    /// <returns>What the workers are given in its place.</returns>
    public static object? Prepare(object? item)
    {
        if (!IsBag(item) || Runspace.DefaultRunspace is null)
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

    private static bool IsBag(object? item)
    {
        PSObject? wrapper = item as PSObject;
        object? bare = wrapper is null ? item : wrapper.BaseObject;
        return bare is not (null or int or string)
            && ((wrapper is not null && InstanceMembers.Of(wrapper) is { } members && !ValueWriter.HasOnlyNotes(members, out _))
                || ValueWriter.IsBag(bare));
    }
}
