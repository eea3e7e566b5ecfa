using CsCheck;

namespace Switchyard.Core.Harness;

/// <summary>Texts such as items and arguments hold, good and bad.</summary>
internal static class Texts
{
    private static readonly string[] _pieces =
    [
        "a", "Z", "0", ".", "..", "/", "//", "\\", " ", "\t", "-", "--x=", "'", "\"", "\\\"", "*", "?", "[", "]", "$", "`", "{", "}", "{}", "{.}", "{//}",
        "{#}", "{{", "}}", "{a}", "%", "%PATH%", "%cd:~,1%", "^", "&", "|", "<", ">", "!", "!x!", "(", ")", ";", ",", "=", "ä", "ß", "日本", "\u00a0", "😀",
        "e\u0301", "\u202e",
    ];

    /// <summary>What one line can hold.</summary>
    public static Gen<string> Line { get; } = OneOf(_pieces).Array[0, 12].Select(string.Concat);

    /// <summary>With line breaks.</summary>
    public static Gen<string> Any { get; } = OneOf([.. _pieces, "\n", "\r\n", "\r"]).Array[0, 12].Select(string.Concat);

    /// <summary>One of some values, each as likely as the others.</summary>
    /// <typeparam name="T">What they are.</typeparam>
    /// <param name="values">The values.</param>
    /// <returns>What generates them.</returns>
    public static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
}
