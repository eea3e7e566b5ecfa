using System.Globalization;
using System.Management.Automation;
using System.Text;

namespace Microsoft.PowerShell.Commands;

/// <summary>The text of comma-separated values: one object a line, quoted as the real commands quote.</summary>
internal sealed class CsvText(char delimiter, CsvQuoting quoting)
{
    private string[]? _columns;

    /// <summary>The header line; the first object says which columns there are.</summary>
    public string Header(PSObject first)
    {
        _columns = [.. Values(first).Select(value => value.Name)];
        return Line(_columns);
    }

    /// <summary>The line of an object.</summary>
    public string Row(PSObject item)
    {
        ILookup<string, object?> values = Values(item).ToLookup(value => value.Name, value => value.Value, StringComparer.OrdinalIgnoreCase);
        return Line(_columns!.Select(column => TextOf(values[column].FirstOrDefault())));
    }

    private static IEnumerable<(string Name, object? Value)> Values(PSObject item)
    {
        if (item.BaseObject is System.Collections.IDictionary dictionary)
        {
            foreach (System.Collections.DictionaryEntry entry in dictionary)
            {
                yield return (LanguagePrimitives.ConvertTo<string>(entry.Key), entry.Value);
            }

            yield break;
        }

        foreach (PSPropertyInfo property in item.Properties)
        {
            yield return (property.Name, property.Value);
        }
    }

    private static string? TextOf(object? value)
        => value is null ? null : (string)LanguagePrimitives.ConvertTo(value, typeof(string), CultureInfo.InvariantCulture);

    private string Line(IEnumerable<string?> values)
    {
        var line = new StringBuilder();
        bool isFirst = true;
        foreach (string? value in values)
        {
            if (!isFirst)
            {
                line.Append(delimiter);
            }

            Append(line, value);
            isFirst = false;
        }

        return line.ToString();
    }

    private void Append(StringBuilder line, string? value)
    {
        if (value is null)
        {
            return;
        }

        bool quote = quoting == CsvQuoting.Always
            || (quoting == CsvQuoting.AsNeeded && value.AsSpan().IndexOfAny([delimiter, '"', '\n', '\r']) >= 0);
        line.Append(quote ? $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : value);
    }
}
