namespace Switchyard.Core.Executables.Arguments;

/// <summary>
/// An argument with placeholders, parsed once for all items. Placeholders are those of GNU parallel: <c>{}</c> <c>{.}</c> <c>{/}</c>
/// <c>{//}</c> <c>{/.}</c> <c>{#}</c> <c>{%}</c>. <c>{{</c> and <c>}}</c> are braces; braces around anything else are text as well.
/// </summary>
internal sealed class ArgumentTemplate
{
    // Longer before shorter where one begins like the other.
    private static readonly (string Text, ArgumentPlaceholder Placeholder)[] _placeholders =
    [
        ("{}", ArgumentPlaceholder.Item),
        ("{.}", ArgumentPlaceholder.WithoutExtension),
        ("{//}", ArgumentPlaceholder.Folder),
        ("{/.}", ArgumentPlaceholder.FileNameWithoutExtension),
        ("{/}", ArgumentPlaceholder.FileName),
        ("{#}", ArgumentPlaceholder.Number),
        ("{%}", ArgumentPlaceholder.Slot),
    ];

    private readonly ArgumentPart[] _parts;

    private ArgumentTemplate(ArgumentPart[] parts) => _parts = parts;

    public bool HasPlaceholder => Array.Exists(_parts, part => part.Placeholder != ArgumentPlaceholder.None);

    /// <summary>Whether it holds a placeholder that is another for each item.</summary>
    public bool DependsOnItem =>
        Array.Exists(_parts, part => part.Placeholder is not (ArgumentPlaceholder.None or ArgumentPlaceholder.Slot));

    /// <summary>Whether it holds a placeholder for the item's text or a part of that.</summary>
    public bool NeedsText => Array.Exists(
        _parts, part => part.Placeholder is not (ArgumentPlaceholder.None or ArgumentPlaceholder.Slot or ArgumentPlaceholder.Number));

    public static ArgumentTemplate Parse(string text)
    {
        List<ArgumentPart> parts = [];
        StringBuilder literal = new();
        int position = 0;
        while (position < text.Length)
        {
            ReadOnlySpan<char> rest = text.AsSpan(position);
            if (rest.StartsWith("{{", StringComparison.Ordinal) || rest.StartsWith("}}", StringComparison.Ordinal))
            {
                literal.Append(rest[0]);
                position += 2;
            }
            else if (FindPlaceholder(rest, out int length) is var placeholder && placeholder != ArgumentPlaceholder.None)
            {
                AddLiteral();
                parts.Add(new ArgumentPart(string.Empty, placeholder));
                position += length;
            }
            else
            {
                literal.Append(rest[0]);
                position++;
            }
        }

        AddLiteral();
        return new ArgumentTemplate([.. parts]);

        void AddLiteral()
        {
            if (literal.Length > 0)
            {
                parts.Add(new ArgumentPart(literal.ToString(), ArgumentPlaceholder.None));
                literal.Clear();
            }
        }
    }

    /// <summary>An argument that is what it is, braces and all.</summary>
    public static ArgumentTemplate Literal(string text)
    {
        return new ArgumentTemplate([new ArgumentPart(text, ArgumentPlaceholder.None)]);
    }

    /// <summary>Makes the argument for an item. What is put in for a placeholder is not looked at for further ones.</summary>
    public string Expand(in ArgumentValues values) => _parts switch
    {
        [] => string.Empty,
        [var only] => Expand(only, values),
        _ => ExpandAll(values),
    };

    private static ArgumentPlaceholder FindPlaceholder(ReadOnlySpan<char> text, out int length)
    {
        foreach ((string written, ArgumentPlaceholder placeholder) in _placeholders)
        {
            if (text.StartsWith(written, StringComparison.Ordinal))
            {
                length = written.Length;
                return placeholder;
            }
        }

        length = 0;
        return ArgumentPlaceholder.None;
    }

    private static string Expand(ArgumentPart part, in ArgumentValues values) => part.Placeholder switch
    {
        ArgumentPlaceholder.Item => values.Item,
        ArgumentPlaceholder.WithoutExtension => ItemPath.WithoutExtension(values.Item),
        ArgumentPlaceholder.FileName => ItemPath.FileName(values.Item),
        ArgumentPlaceholder.Folder => ItemPath.Folder(values.Item),
        ArgumentPlaceholder.FileNameWithoutExtension => ItemPath.WithoutExtension(ItemPath.FileName(values.Item)),
        ArgumentPlaceholder.Number => values.Number > 0 ? values.Number.ToString(CultureInfo.InvariantCulture) : "{#}",
        ArgumentPlaceholder.Slot => values.Slot > 0 ? values.Slot.ToString(CultureInfo.InvariantCulture) : "{%}",
        _ => part.Text,
    };

    private string ExpandAll(in ArgumentValues values)
    {
        StringBuilder argument = new();
        foreach (ArgumentPart part in _parts)
        {
            argument.Append(Expand(part, values));
        }

        return argument.ToString();
    }
}
