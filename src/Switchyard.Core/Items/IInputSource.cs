namespace Switchyard.Core.Items;

/// <summary>
/// Gives a run items while it goes on, also such as its own items bring: so it must know which of those that it gave are done.
/// </summary>
internal interface IInputSource
{
    /// <summary>Raised when there may be another item, or there will be none. On any thread; it must not block.</summary>
    event Action Changed;

    /// <summary>Whether no item will come any more.</summary>
    bool HasEnded { get; }

    /// <summary>Whether there is an item now, or there will be none. A snapshot.</summary>
    bool IsReady { get; }

    /// <summary>Takes an item, which is then at work until <see cref="NoteDone"/> or <see cref="Return"/>.</summary>
    bool TryTake(out object? item);

    /// <summary>Says that an item that was taken has ended, well or not.</summary>
    void NoteDone();

    /// <summary>Gives an item back that was taken and never started.</summary>
    void Return(object? item);
}
