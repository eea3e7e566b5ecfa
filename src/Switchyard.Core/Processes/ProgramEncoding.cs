using Switchyard.Core.Processes.Windows;

namespace Switchyard.Core.Processes;

/// <summary>The encodings of what programs read and write.</summary>
internal static class ProgramEncoding
{
    /// <summary>That of programs of which nothing else is known: UTF-8, and on Windows the code page of the console that they are at.</summary>
    public static Encoding Default => OperatingSystem.IsWindows() ? WindowsConsole.OutputEncoding : Encoding.UTF8;

    /// <summary>The encoding of a code page.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    /// <exception cref="NotSupportedException">This system does not have it.</exception>
    public static Encoding OfCodePage(int codePage) => CodePagesEncodingProvider.Instance.GetEncoding(codePage) ?? Encoding.GetEncoding(codePage);

    /// <summary>Makes of an encoding one that throws <see cref="EncoderFallbackException"/> at characters that it lacks.</summary>
    /// <returns>It; the encoding itself where it lacks none.</returns>
    public static Encoding Strict(Encoding encoding)
    {
        const int Utf7 = 65000;
        const int Utf8 = 65001;
        if (encoding.CodePage is Utf7 or Utf8 || encoding is UnicodeEncoding or UTF32Encoding)
        {
            return encoding;
        }

        Encoding strict = (Encoding)encoding.Clone();
        strict.EncoderFallback = EncoderFallback.ExceptionFallback;
        return strict;
    }
}
