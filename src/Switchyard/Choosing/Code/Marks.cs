using Switchyard.Choosing.Values;

namespace Switchyard.Choosing.Code;

/// <summary>With which of the objects that a body is given something is done; of each number one bit is one of these.</summary>
/// <param name="Values">With the object itself.</param>
/// <param name="Elements">With its elements if it is a list, and otherwise with itself.</param>
/// <param name="Parts">With what is reached through it.</param>
internal readonly record struct Marks(ulong Values, ulong Elements, ulong Parts)
{
    public static Marks operator |(Marks one, Marks other) => new(one.Values | other.Values, one.Elements | other.Elements, one.Parts | other.Parts);

    /// <summary>Whether it is done with an object of which a copy can be told from it.</summary>
    /// <param name="root">The object's number.</param>
    /// <param name="traits">What the object is like.</param>
    public bool AreAmiss(int root, Traits traits)
    {
        ulong bit = 1UL << root;
        bool isList = traits.HasFlag(Traits.IsList);
        return (!traits.HasFlag(Traits.IsPlain) && ((Values | (isList ? 0 : Elements)) & bit) != 0)
            || (!traits.HasFlag(Traits.HasPlainParts) && ((Parts | (isList ? Elements : 0)) & bit) != 0);
    }

    /// <summary>What of it concerns one object.</summary>
    public Marks Only(int root) => new(Values & (1UL << root), Elements & (1UL << root), Parts & (1UL << root));

    /// <summary>Whether it is done with an object in any way.</summary>
    public bool Contain(int root) => ((Values | Elements | Parts) & (1UL << root)) != 0;
}
