namespace Switchyard.Commands;

/// <summary>What a batch cmdlet hands its input to: a batch in its own pipeline, or a job.</summary>
internal interface IBatchFront : IDisposable
{
    /// <summary>Takes an item.</summary>
    /// <returns>False if nothing more is wanted: the commands before this one are to be stopped.</returns>
    bool Add(object? input);

    /// <summary>Takes items from a source, too, until that has ended.</summary>
    /// <returns>False if nothing more is wanted.</returns>
    /// <exception cref="InvalidOperationException">Other items came first.</exception>
    bool AddSource(IInputSource source);

    void End();

    /// <summary>The pipeline is being stopped. Called on another thread; does not wait.</summary>
    void Stop();
}
