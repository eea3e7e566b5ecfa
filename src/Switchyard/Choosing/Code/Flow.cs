namespace Switchyard.Choosing.Code;

/// <summary>
/// What an expression's value may have to do with the objects that a body is given (its item, and what it has by name): one bit of each number is one of these.
/// </summary>
/// <param name="Is">It may be that object itself.</param>
/// <param name="Each">It may be that object's elements if it is a list, and otherwise itself.</param>
/// <param name="Part">It may be something that is reached through it.</param>
/// <param name="Has">It was made in the body, and may hold that object.</param>
/// <param name="HasEach">It was made in the body, and may hold its elements, or itself.</param>
/// <param name="HasPart">It was made in the body, and may hold something that is reached through it.</param>
/// <param name="View">It may be a way to change that object, such as the list of its properties.</param>
/// <param name="IsLive">It may be, or hold, an object of which only the properties would come from another process.</param>
/// <param name="IsTable">It may be, or hold, a hashtable.</param>
internal readonly record struct Flow(ulong Is, ulong Each, ulong Part, ulong Has, ulong HasEach, ulong HasPart, ulong View, bool IsLive = false, bool IsTable = false)
{
    private const ulong ItemBit = 1UL << GivenValues.Item;
    private const ulong GroupBit = 1UL << GivenValues.Group;

    /// <summary>Something that the caller has not.</summary>
    public static Flow Fresh => default;

    /// <summary>What it may be if an element or member of it was taken.</summary>
    public Flow Member => this with { Is = Has | Grouped, Each = HasEach, Part = (Is & ~GroupBit) | Each | Part | HasPart | View, IsLive = false };

    /// <summary>What it may be if a property was read by its name: of an array that is how many it has, or its elements' properties.</summary>
    public Flow Property => Member with { Is = Has, Part = Member.Part | Grouped };

    /// <summary>What it may be if something went through its elements, of what may be one itself.</summary>
    public Flow Elements => this with { Is = Has | Grouped, Each = (Is & ~GroupBit) | Each | HasEach, Part = Part | HasPart | View };

    /// <summary>Something new that holds it.</summary>
    public Flow Held => new(0, 0, 0, Is | Has, Each | HasEach, Part | HasPart | View, 0, IsLive, IsTable);

    /// <summary>A way to change it.</summary>
    public Flow AsView => this with { View = View | Is | Each };

    /// <summary>Whether the caller may have it.</summary>
    public bool IsGiven => (Is | Each | Part | View) != 0;

    /// <summary>The item's bit if it may be, or hold, an array that was made of items.</summary>
    public ulong HeldInGroup => ((Is | Has) & GroupBit) != 0 ? ItemBit : 0;

    private ulong Grouped => (Is & GroupBit) != 0 ? ItemBit : 0;

    public static Flow Of(int root) => new(1UL << root, 0, 0, 0, 0, 0, 0);

    public static Flow operator |(Flow one, Flow other) => new(
        one.Is | other.Is, one.Each | other.Each, one.Part | other.Part, one.Has | other.Has, one.HasEach | other.HasEach, one.HasPart | other.HasPart, one.View | other.View,
        one.IsLive || other.IsLive, one.IsTable || other.IsTable);
}
