namespace Switchyard.Parameters;

/// <summary>A text encoding as PowerShell's own commands take it: by name, by the number of its code page, or as it is.</summary>
public sealed class EncodingArgument
{
    // Those that are no names of .NET's. Without a byte order mark, as what is written is a stream and no file.
    private static readonly Dictionary<string, Func<Encoding>> _named = new(StringComparer.OrdinalIgnoreCase)
    {
        ["ascii"] = () => Encoding.ASCII,
        ["ansi"] = () => Encoding.GetEncoding(0),
        ["oem"] = () => FromCodePage(System.Globalization.CultureInfo.CurrentCulture.TextInfo.OEMCodePage),
        ["unicode"] = () => Encoding.Unicode,
        ["bigendianunicode"] = () => Encoding.BigEndianUnicode,
        ["bigendianutf32"] = () => new UTF32Encoding(bigEndian: true, byteOrderMark: true),
        ["utf8"] = () => Encoding.UTF8,
        ["utf8BOM"] = () => Encoding.UTF8,
        ["utf8NoBOM"] = () => Encoding.UTF8,
        ["utf32"] = () => Encoding.UTF32,
    };

    /// <summary>Takes an encoding by its name.</summary>
    /// <param name="name">One of <see cref="Names"/>, a name that .NET knows, or the number of a code page.</param>
    public EncodingArgument(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        try
        {
            Value = _named.TryGetValue(name, out Func<Encoding>? create) ? create()
                : int.TryParse(name, out int codePage) ? FromCodePage(codePage)
                : FromName(name);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            throw new PSArgumentException(
                MessageText.Format(Messages.EncodingNotFound, name, string.Join(", ", Names)), exception);
        }
    }

    /// <summary>Takes an encoding by the number of its code page.</summary>
    /// <param name="codePage">The number.</param>
    public EncodingArgument(int codePage)
        : this(codePage.ToString(System.Globalization.CultureInfo.InvariantCulture))
    {
    }

    /// <summary>Takes an encoding as it is.</summary>
    /// <param name="encoding">The encoding.</param>
    public EncodingArgument(Encoding encoding) => Value = encoding;

    /// <summary>The names that PowerShell's own commands offer.</summary>
    public static IReadOnlyCollection<string> Names => _named.Keys;

    /// <summary>The encoding.</summary>
    public Encoding Value { get; }

    /// <inheritdoc/>
    public override string ToString() => Value.WebName;

    // Those beyond .NET's own few; PowerShell itself has them registered, other hosts may not.
    private static Encoding FromCodePage(int codePage) =>
        CodePagesEncodingProvider.Instance.GetEncoding(codePage) ?? Encoding.GetEncoding(codePage);

    private static Encoding FromName(string name) =>
        CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
}
