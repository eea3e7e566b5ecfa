namespace Switchyard.Choosing;

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

    /// <summary>Whether it gives paths to what may be another thing than a file.</summary>
    public bool TakesPaths { get; set; }

    /// <summary>Notes a reason. The first one stays.</summary>
    public void Refuse(string reason) => Reason ??= reason;

    /// <summary>A member or an element of it is set, or a method called that may do so.</summary>
    public void Change(Flow target) => Changed |= new Marks(target.Is | target.View, target.Each, target.Part);

    /// <summary>Something may do anything with it.</summary>
    public void Release(Flow value)
    {
        Change(value);
        ulong all = value.Is | value.Each | value.Part | value.Has | value.HasEach | value.HasPart | value.View;
        Changed |= new Marks(value.Has, value.HasEach, all);
    }

    /// <summary>It goes to the caller.</summary>
    public void HandOn(Flow value) => HandedOn |= new Marks(value.Is | value.Has, value.Each | value.HasEach, value.Part | value.HasPart | value.View);

    /// <summary>It is compared: two objects that are one for the caller would be two.</summary>
    public void Compare(Flow one, Flow other)
    {
        if (one.IsGiven && other.IsGiven)
        {
            _compared.Add((one, other));
        }
    }

    /// <summary>Takes as handed on what is compared with another that is no plain value either.</summary>
    /// <param name="mayBeObject">Whether something may be an object of which a copy can be told from it.</param>
    public void SettleComparisons(Func<Marks, bool> mayBeObject)
    {
        foreach ((Flow one, Flow other) in _compared)
        {
            if (mayBeObject(MarksOf(one)) && mayBeObject(MarksOf(other)))
            {
                HandedOn |= MarksOf(one) | MarksOf(other);
            }
        }
    }

    private static Marks MarksOf(Flow compared) => new(compared.Is, compared.Each, compared.Part | compared.View);
}
