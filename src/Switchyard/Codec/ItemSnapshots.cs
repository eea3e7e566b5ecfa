using System.Management.Automation.Runspaces;
using Switchyard.Codec.Containers;
using Switchyard.Engine;

namespace Switchyard.Codec;

/// <summary>
/// Takes down the items that are sent as CLIXML while the caller's session can be asked: a script property, such as
/// a process's CPU, has its value nowhere else. On the pipeline's thread. Items that arrive live are sent later, and what goes as CLIXML inside them lacks
/// such properties; so do items of a queue that feeds a job, which has no session.
/// </summary>
internal static class ItemSnapshots
{
    public static object? Prepare(object? item)
    {
        if (!IsSentAsCliXml(item) || Runspace.DefaultRunspace is null)
        {
            return item;
        }

        try
        {
            return new PreparedItem(item) { Snapshot = CliXml.Serialize(item!) };
        }
        catch (Exception exception) when (exception is not (OutOfMemoryException or PipelineStoppedException))
        {
            // Its own code may throw anything. It is read once more when it is sent, and what it throws then is that item's error.
            Debug.WriteLine(exception);
            return item;
        }
    }

    private static bool IsSentAsCliXml(object? item)
    {
        PSObject? wrapper = item as PSObject;
        object? bare = wrapper is null ? item : wrapper.BaseObject;
        return bare is not (null or int or string)
            && ((wrapper is not null && InstanceMembers.Of(wrapper) is { } members && !ContainerWriter.HasOnlyNotes(members, out _))
                || CliXml.IsUsedFor(bare));
    }
}
