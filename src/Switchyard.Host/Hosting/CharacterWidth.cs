using System.Globalization;
using System.Text;

namespace Switchyard.Host.Hosting;

/// <summary>How many columns of a terminal a character takes.</summary>
internal static class CharacterWidth
{
    // Scripts and symbols that terminals draw two columns wide (Unicode's East Asian Width W and F), in coarse ranges.
    private static readonly (int First, int Last)[] Wide =
    [
        (0x1100, 0x115F), (0x2E80, 0x303E), (0x3041, 0x33FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xA000, 0xA4CF), (0xA960, 0xA97F),
        (0xAC00, 0xD7A3), (0xF900, 0xFAFF), (0xFE30, 0xFE6F), (0xFF01, 0xFF60), (0xFFE0, 0xFFE6), (0x1F300, 0x1F64F), (0x1F680, 0x1F6FF),
        (0x1F900, 0x1F9FF), (0x20000, 0x3FFFD),
    ];

    /// <summary>0 for what only changes another character, 2 for what is drawn wide, else 1.</summary>
    public static int Of(Rune character)
    {
        if (character.IsAscii)
        {
            return 1;
        }

        UnicodeCategory category = Rune.GetUnicodeCategory(character);
        if (category is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format)
        {
            return 0;
        }

        foreach ((int first, int last) in Wide)
        {
            if (character.Value >= first && character.Value <= last)
            {
                return 2;
            }
        }

        return 1;
    }
}
