namespace Switchyard.Core.Processes.Trees;

/// <summary>Finds all that a child has started.</summary>
internal static class ProcessTree
{
    /// <summary>
    /// Finds a child's descendants: those whose line of parents leads to it, those in its process group, and those that carry its
    /// mark, however they cut themselves off from both.
    /// </summary>
    public static IReadOnlyList<ProcessEntry> FindDescendants(IReadOnlyList<ProcessEntry> table, int rootId, string mark)
    {
        HashSet<int> found = [rootId];
        List<ProcessEntry> descendants = [];
        bool hasMore = true;
        while (hasMore)
        {
            // A table is in no order, so a child may stand before its parent.
            hasMore = false;
            foreach (ProcessEntry entry in table)
            {
                if (!found.Contains(entry.Id)
                    && (found.Contains(entry.ParentId) || entry.GroupId == rootId || ChildMark.Has(entry.Mark, mark)))
                {
                    found.Add(entry.Id);
                    descendants.Add(entry);
                    hasMore = true;
                }
            }
        }

        return descendants;
    }
}
