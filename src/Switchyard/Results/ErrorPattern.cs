using System.Text.RegularExpressions;

namespace Switchyard.Results;

/// <summary>
/// A message in its parts: what its author wrote, and what is of the item that it is about: its text, what is quoted, paths, addresses, and whatever has
/// a digit. Messages are of one kind if the author's parts are the same.
/// </summary>
internal sealed partial class ErrorPattern
{
    // What stands for an item's part in a kind's name: no message has it.
    private const char Slot = '\u0001';

    // The rest says what was said before.
    private const int MaxLength = 2000;

    private readonly List<string> _fixed = [];
    private readonly List<string> _varying = [];

    /// <summary>Takes a message apart.</summary>
    /// <param name="message">The message.</param>
    /// <param name="itemTexts">What the item is called that it is about.</param>
    public ErrorPattern(string message, IEnumerable<string> itemTexts)
    {
        message = WhiteSpace().Replace(message.Length > MaxLength ? message[..MaxLength] : message, " ").Trim();
        int start = 0;
        foreach ((int at, int length) in Find(message, itemTexts))
        {
            _fixed.Add(message[start..at]);
            _varying.Add(message.Substring(at, length));
            start = at + length;
        }

        _fixed.Add(message[start..]);
        Kind = string.Join(Slot, _fixed);
    }

    /// <summary>What all messages of its kind have in common.</summary>
    public string Kind { get; }

    /// <summary>The message, with a star for each part that differs in another of its kind.</summary>
    public string Text
    {
        get
        {
            StringBuilder text = new(_fixed[0]);
            for (int i = 0; i < _varying.Count; i++)
            {
                text.Append(_varying[i]).Append(_fixed[i + 1]);
            }

            return text.ToString();
        }
    }

    /// <summary>Takes note of another message of this kind.</summary>
    public void Merge(ErrorPattern other)
    {
        for (int i = 0; i < _varying.Count; i++)
        {
            if (_varying[i] != other._varying[i])
            {
                _varying[i] = "*";
            }
        }
    }

    private static IEnumerable<(int At, int Length)> Find(string message, IEnumerable<string> itemTexts)
    {
        int end = 0;
        IEnumerable<Match> found = ItemParts().Matches(message);
        foreach (string itemText in itemTexts.Where(text => !string.IsNullOrWhiteSpace(text)))
        {
            // As a word of its own: an item 'a' is not in 'at'.
            string pattern = @"(?<!\w)" + Regex.Escape(WhiteSpace().Replace(itemText, " ").Trim()) + @"(?!\w)";
            found = found.Concat(Regex.Matches(message, pattern, RegexOptions.CultureInvariant));
        }

        // What begins first, and of those the longest: what a longer one holds is part of it.
        foreach (Match match in found.OrderBy(match => match.Index).ThenByDescending(match => match.Length))
        {
            if (match.Index >= end && match.Length > 0)
            {
                yield return (match.Index, match.Length);
                end = match.Index + match.Length;
            }
        }
    }

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant)]
    private static partial Regex WhiteSpace();

    [GeneratedRegex(
        """
        (?<!\w)'[^'"]*'(?!\w) | "[^'"]*" | `[^`]*` | \u2018[^\u2019]*\u2019 | \u201c[^\u201d]*\u201d | \u00ab[^\u00bb]*\u00bb   # what is quoted, and not a sentence with quotes
        | \b[a-z][a-z0-9+.\-]*://[^\s'"<>]*[^\s'"<>.,;:)]                                                               # an address
        | (?: \b[a-z]:[\\/] | (?<![\\\w])\\\\ ) [^\s'"<>|]* [^\s'"<>|.,;:)]                                               # a path of Windows
        | (?<![\w.~/]) (?: ~ | \.{1,2} )? / [^\s'"<>|]* [^\s'"<>|.,;:)]                                                   # a path
        | [\w\-+.@]* \d [\w\-+.@:]* (?<![.:\-+])                                                                          # a number, a date, a name with one
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ItemParts();
}
