namespace Switchyard.Core.Items;

/// <summary>
/// The errors of an attempt, for its result. Of lines of standard error, which may be a million, it keeps the first and the last; of all else, everything.
/// </summary>
/// <param name="filter">Knows lines of standard error; null if there are none.</param>
internal sealed class CollectedErrors(IStandardErrorFilter? filter)
{
    /// <summary>How many lines are kept from the beginning, and at least from the end.</summary>
    public const int MostStandardErrors = 5000;

    private readonly List<object> _first = [];
    private readonly List<object> _last = [];
    private int _firstLines;
    private int _lastLines;
    private long _leftOut;
    private object? _example;

    public void Add(object error)
    {
        bool isStandardError = filter?.IsStandardError(error) == true;
        if (_firstLines < MostStandardErrors)
        {
            _firstLines += isStandardError ? 1 : 0;
            _first.Add(error);
            return;
        }

        _last.Add(error);
        _lastLines += isStandardError ? 1 : 0;
        if (_lastLines == 2 * MostStandardErrors)
        {
            // Half of them at once, so that each costs the same.
            _example ??= error;
            _last.RemoveAll(older => _lastLines > MostStandardErrors && filter!.IsStandardError(older) && _lastLines-- > 0);
            _leftOut += MostStandardErrors;
        }
    }

    public object[] ToArray() => _leftOut == 0 ? [.. _first, .. _last] : [.. _first, filter!.LeftOut(_example!, _leftOut), .. _last];
}
