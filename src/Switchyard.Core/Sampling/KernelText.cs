using System.Globalization;

namespace Switchyard.Sampling;

/// <summary>Reads what the Linux kernel writes as text: <c>MemAvailable:  24278072 kB</c>, <c>inactive_file 4096</c>, <c>max</c>.</summary>
internal static class KernelText
{
    /// <summary>Finds the number on the line that begins with a key.</summary>
    /// <param name="text">Lines of key, blanks or a colon, number, and perhaps a unit.</param>
    /// <param name="key">The whole key.</param>
    /// <returns>The number, in bytes where the unit is kB (of 1,024 bytes there); null if there is none or it does not fit.</returns>
    public static long? FindNumber(string? text, string key)
    {
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            if (line.Length > key.Length && line.StartsWith(key, StringComparison.Ordinal) && line[key.Length] is ':' or ' ' or '\t')
            {
                ReadOnlySpan<char> value = line[(key.Length + 1)..].Trim();
                bool isKilo = value.EndsWith(" kB", StringComparison.Ordinal);
                long? number = ParseNumber(isKilo ? value[..^3] : value);
                return !isKilo ? number : number <= long.MaxValue / 1024 ? number * 1024 : null;
            }
        }

        return null;
    }

    /// <summary>Reads a file that holds one number.</summary>
    /// <param name="text">The number, perhaps with blanks and a line end.</param>
    /// <returns>The number; null for <c>max</c>, nothing, or what does not fit.</returns>
    public static long? ParseNumber(ReadOnlySpan<char> text) =>
        long.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;
}
