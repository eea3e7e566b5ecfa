namespace Switchyard.Core.Items;

/// <summary>
/// The errors of an attempt, for its result. Of talk, which may be a million lines, it keeps the first and the last; of all else, everything.
/// </summary>
/// <param name="talk">Knows talk; null if nothing is.</param>
internal sealed class CollectedErrors(IErrorTalk? talk)
{
    /// <summary>How much talk is kept from the beginning, and at least from the end.</summary>
    public const int MostTalk = 5000;

    private readonly List<object> _first = [];
    private readonly List<object> _last = [];
    private int _firstTalk;
    private int _lastTalk;
    private long _leftOut;
    private object? _example;

    public void Add(object error)
    {
        bool isTalk = talk?.IsTalk(error) == true;
        if (_firstTalk < MostTalk)
        {
            _firstTalk += isTalk ? 1 : 0;
            _first.Add(error);
            return;
        }

        _last.Add(error);
        _lastTalk += isTalk ? 1 : 0;
        if (_lastTalk == 2 * MostTalk)
        {
            // Half of them at once, so that each costs the same.
            _example ??= error;
            _last.RemoveAll(older => _lastTalk > MostTalk && talk!.IsTalk(older) && _lastTalk-- > 0);
            _leftOut += MostTalk;
        }
    }

    public object[] ToArray() => _leftOut == 0 ? [.. _first, .. _last] : [.. _first, talk!.LeftOut(_example!, _leftOut), .. _last];
}
