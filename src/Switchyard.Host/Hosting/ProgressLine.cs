using System.Globalization;
using System.Management.Automation;

namespace Switchyard.Host.Hosting;

/// <summary>Shows progress as one line on the terminal that standard error is; elsewhere it shows nothing.</summary>
internal sealed class ProgressLine(ConsoleStream stream)
{
    private const string ClearLine = "\r\e[K";
    private readonly Lock _lock = new();
    private bool _shown;

    /// <summary>Shows a record, or clears the line when it completes.</summary>
    public void Show(ProgressRecord record)
    {
        if (!stream.IsTerminal)
        {
            return;
        }

        lock (_lock)
        {
            if (record.RecordType == ProgressRecordType.Completed)
            {
                Clear();
                return;
            }

            stream.Writer.Write(ClearLine + Fit(Describe(record)));
            _shown = true;
        }
    }

    /// <summary>Takes the line away, before anything else is written.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            if (_shown)
            {
                stream.Writer.Write(ClearLine);
                _shown = false;
            }
        }
    }

    private static string Describe(ProgressRecord record)
    {
        string text = $"{record.Activity}: {record.StatusDescription}";
        if (record.PercentComplete >= 0)
        {
            text += string.Create(CultureInfo.CurrentCulture, $" {record.PercentComplete} %");
        }

        if (record.SecondsRemaining >= 0)
        {
            text += string.Create(CultureInfo.CurrentCulture, $" {TimeSpan.FromSeconds(record.SecondsRemaining):g} left");
        }

        return string.IsNullOrEmpty(record.CurrentOperation) ? text : $"{text} {record.CurrentOperation}";
    }

    // A line that wraps could not be taken away again.
    private static string Fit(string text)
    {
        int width = Math.Max(20, RawConsole.Width - 1);
        string line = text.ReplaceLineEndings(" ");
        return line.Length <= width ? line : string.Concat(line.AsSpan(0, width - 1), "…");
    }
}
