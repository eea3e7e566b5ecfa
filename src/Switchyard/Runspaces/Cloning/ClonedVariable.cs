using System.Collections.ObjectModel;

namespace Switchyard.Runspaces.Cloning;

/// <summary>A variable of the caller's: each worker has one of its own that holds the same object.</summary>
/// <param name="Options">Whether it can be changed, and whether each scope has it.</param>
internal sealed record ClonedVariable(string Name, object? Value, ScopedItemOptions Options, Collection<Attribute> Constraints)
{
    public PSVariable Create()
    {
        if (Constraints.Count > 0)
        {
            try
            {
                return new PSVariable(Name, Value, Options, Constraints);
            }
            catch (MetadataException)
            {
                // The object was changed since it was checked, perhaps by an item: who holds it goes on using it, and so may a worker.
            }
        }

        return new PSVariable(Name, Value, Options);
    }
}
