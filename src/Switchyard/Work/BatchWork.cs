namespace Switchyard.Work;

/// <summary>What a batch runs for each item: a script block, an executable.</summary>
internal abstract class BatchWork
{
    public abstract IWorkerFactory Workers { get; }

    /// <summary>How many items run at a time without -ThrottleLimit.</summary>
    public abstract int DefaultThrottleLimit { get; }

    /// <summary>Whether its output is byte arrays that belong together, as one stream of bytes for each item.</summary>
    public virtual bool WritesBytes => false;

    /// <summary>Full path of the folder that takes items' output as files; null if none does.</summary>
    public virtual string? OutputDirectory => null;

    /// <summary>Whether <see cref="Prepare"/> runs code of the caller's session.</summary>
    public virtual bool PreparesItems => false;

    /// <summary>What makes items of the input's blocks; null where what is piped in is an item.</summary>
    public virtual IBlockInput? Blocks => null;

    /// <summary>The work in short, as <c>Get-Job</c> shows it.</summary>
    public abstract string Description { get; }

    /// <summary>What would be done with an item, for <c>-WhatIf</c> and <c>-Confirm</c>: a phrase such as <c>Run executable gzip a.txt</c>.</summary>
    public abstract string ActionFor(object? item);

    /// <summary>Says how many items can be given to a program at a time, by the length of its command line.</summary>
    /// <param name="wanted">How long that may be; null for what the system takes.</param>
    /// <param name="most">How long the items of a group may be together.</param>
    /// <returns>Tells how long an item is; null if that does not matter.</returns>
    public virtual Func<object?, long>? MeasureItems(long? wanted, out long most)
    {
        most = long.MaxValue;
        return null;
    }

    /// <summary>Does what of an item's work can only be done on the pipeline's thread, in the caller's session.</summary>
    public virtual object? Prepare(object? item) => item;
}
