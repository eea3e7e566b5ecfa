namespace Switchyard.Choosing.Code;

/// <summary>What code does with what it is given.</summary>
internal sealed class BodyFindings
{
    private readonly HashSet<(Flow One, Flow Other)> _compared = [];

    /// <summary>What the code does that may be different in another process, whatever it is given; null if nothing was found.</summary>
    public string? Reason { get; private set; }

    /// <summary>What it may change, or give to what may.</summary>
    public Marks Changed { get; private set; }

    /// <summary>What it may output, or compare with others that the caller has: a copy would be seen to be one.</summary>
    public Marks HandedOn { get; private set; }

    /// <summary>Whether it may output what would come from another process as its properties alone.</summary>
    public bool HandsOnLive { get; private set; }

    /// <summary>Whether the order that a table among its items has matters.</summary>
    public bool OrdersItem { get; private set; }

    /// <summary>The environment variables that it reads.</summary>
    public HashSet<string> EnvironmentNames { get; } = [];

    /// <summary>Whether it gives paths to what may be another thing than a file.</summary>
    public bool TakesPaths { get; set; }

    /// <summary>Notes a reason. The first one stays.</summary>
    public void Refuse(string reason) => Reason ??= reason;

    /// <summary>A member or an element of it is set, or a method called that may do so.</summary>
    public void Change(Flow target) => Changed |= new Marks(target.Is | target.View, target.Each, target.Part);

    /// <summary>The order of what may be a table matters.</summary>
    public void Order(Flow table, string text)
    {
        OrdersItem |= ((table.Is | table.Each | table.Part | table.Has | table.HasEach | table.HasPart) & ((1UL << GivenValues.Item) | (1UL << GivenValues.Group))) != 0;
        if (table.IsTable)
        {
            Refuse(MessageText.Format(Messages.ThreadsForTableOrder, text));
        }
    }

    /// <summary>Something may do anything with it.</summary>
    public void Release(Flow value)
    {
        Change(value);
        ulong all = value.Is | value.Each | value.Part | value.Has | value.HasEach | value.HasPart | value.View | value.HeldInGroup;
        Changed |= new Marks(value.Has | value.HeldInGroup, value.HasEach, all);
    }

    /// <summary>It goes to the caller.</summary>
    public void HandOn(Flow value)
    {
        HandedOn |= new Marks(value.Is | value.Has | value.HeldInGroup, value.Each | value.HasEach, value.Part | value.HasPart | value.View);
        HandsOnLive |= value.IsLive;
    }

    /// <summary>It is compared: two objects that are one for the caller would be two.</summary>
    public void Compare(Flow one, Flow other)
    {
        if (one.IsGiven && other.IsGiven)
        {
            _compared.Add((one, other));
        }
    }

    /// <summary>Takes as handed on what is compared with another that is no plain value either. Whether an item is one, is for later to say.</summary>
    /// <param name="isObject">Whether something may be an object of which a copy can be told from it, items apart.</param>
    public void SettleComparisons(Func<Marks, bool> isObject)
    {
        foreach ((Marks one, Marks other) in _compared.Select(pair => (MarksOf(pair.One), MarksOf(pair.Other))))
        {
            (bool first, bool second) = (isObject(one), isObject(other));
            HandedOn |= first && second ? one | other
                : first ? other.Only(GivenValues.Item)
                : second ? one.Only(GivenValues.Item)
                : one.Contain(GivenValues.Item) && other.Contain(GivenValues.Item) ? (one | other).Only(GivenValues.Item)
                : default;
        }
    }

    private static Marks MarksOf(Flow compared) => new(compared.Is, compared.Each, compared.Part | compared.View);
}
