using System.Management.Automation;
using System.Text;

namespace Microsoft.PowerShell.Commands;

/// <summary>Reads comma-separated values into objects.</summary>
internal sealed class CsvReading(TextReader text, char delimiter)
{
    /// <summary>The objects of the text, one a record; the first record names the properties unless names are given.</summary>
    public IEnumerable<PSObject> ReadObjects(string[]? header)
    {
        string[]? names = header ?? ReadNames();
        while (names is not null && ReadRecord() is { } record)
        {
            if (record is [""])
            {
                continue;
            }

            var result = new PSObject(names.Length);
            for (int i = 0; i < names.Length; i++)
            {
                result.Properties.Add(new PSNoteProperty(names[i], i < record.Count ? record[i] : null), preValidated: true);
            }

            yield return result;
        }
    }

    private string[]? ReadNames()
    {
        List<string>? record = ReadRecord();

        // What ConvertTo-Csv -IncludeTypeInformation wrote.
        if (record is [var first, ..] && first.StartsWith("#TYPE", StringComparison.Ordinal))
        {
            record = ReadRecord();
        }

        return record is null ? null : [.. record.Select((name, index) => name.Length == 0 ? $"H{index + 1}" : name)];
    }

    private List<string>? ReadRecord()
    {
        if (text.Peek() < 0)
        {
            return null;
        }

        var record = new List<string>();
        var field = new StringBuilder();
        bool quoted = false;
        while (text.Read() is >= 0 and var next)
        {
            char character = (char)next;
            if (quoted)
            {
                if (character != '"')
                {
                    field.Append(character);
                }
                else if (text.Peek() == '"')
                {
                    field.Append((char)text.Read());
                }
                else
                {
                    quoted = false;
                }
            }
            else if (character == '"' && string.IsNullOrWhiteSpace(field.ToString()))
            {
                field.Clear();
                quoted = true;
            }
            else if (character == delimiter)
            {
                record.Add(field.ToString());
                field.Clear();
            }
            else if (character == '\n')
            {
                break;
            }
            else if (character != '\r')
            {
                field.Append(character);
            }
        }

        record.Add(field.ToString());
        return record;
    }
}
