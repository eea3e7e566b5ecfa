using System.Globalization;
using System.Text;

namespace Microsoft.PowerShell.Commands;

/// <summary>The format letters of date(1), as far as Get-Date -UFormat is used with them.</summary>
internal static class UnixDateFormat
{
    /// <summary>Formats a date.</summary>
    public static string Apply(string format, DateTime date)
    {
        var text = new StringBuilder();
        int start = format.StartsWith('+') ? 1 : 0;
        for (int i = start; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 == format.Length)
            {
                text.Append(format[i]);
            }
            else
            {
                text.Append(Letter(format[++i], date));
            }
        }

        return text.ToString();
    }

    private static string Letter(char letter, DateTime date) => letter switch
    {
        'A' => date.ToString("dddd", CultureInfo.CurrentCulture),
        'a' => date.ToString("ddd", CultureInfo.CurrentCulture),
        'B' => date.ToString("MMMM", CultureInfo.CurrentCulture),
        'b' or 'h' => date.ToString("MMM", CultureInfo.CurrentCulture),
        'C' => (date.Year / 100).ToString(CultureInfo.CurrentCulture),
        'c' => date.ToString("ddd dd MMM yyyy HH:mm:ss", CultureInfo.CurrentCulture),
        'D' or 'x' => date.ToString("MM/dd/yy", CultureInfo.CurrentCulture),
        'd' => date.ToString("dd", CultureInfo.CurrentCulture),
        'e' => date.ToString("%d", CultureInfo.CurrentCulture).PadLeft(2),
        'F' => date.ToString("yyyy-MM-dd", CultureInfo.CurrentCulture),
        'H' => date.ToString("HH", CultureInfo.CurrentCulture),
        'I' => date.ToString("hh", CultureInfo.CurrentCulture),
        'j' => date.DayOfYear.ToString("000", CultureInfo.CurrentCulture),
        'k' => date.ToString("%H", CultureInfo.CurrentCulture).PadLeft(2),
        'l' => date.ToString("%h", CultureInfo.CurrentCulture).PadLeft(2),
        'M' => date.ToString("mm", CultureInfo.CurrentCulture),
        'm' => date.ToString("MM", CultureInfo.CurrentCulture),
        'n' => "\n",
        'p' => date.ToString("tt", CultureInfo.CurrentCulture),
        'R' => date.ToString("HH:mm", CultureInfo.CurrentCulture),
        'r' => date.ToString("hh:mm:ss tt", CultureInfo.CurrentCulture),
        'S' => date.ToString("ss", CultureInfo.CurrentCulture),
        's' => new DateTimeOffset(date).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
        'T' or 'X' => date.ToString("HH:mm:ss", CultureInfo.CurrentCulture),
        't' => "\t",
        'u' => (date.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)date.DayOfWeek).ToString(CultureInfo.CurrentCulture),
        'V' => ISOWeek.GetWeekOfYear(date).ToString("00", CultureInfo.CurrentCulture),
        'w' => ((int)date.DayOfWeek).ToString(CultureInfo.CurrentCulture),
        'Y' => date.ToString("yyyy", CultureInfo.CurrentCulture),
        'y' => date.ToString("yy", CultureInfo.CurrentCulture),
        'Z' => date.ToString("zz", CultureInfo.CurrentCulture),
        '%' => "%",
        _ => letter.ToString(),
    };
}
