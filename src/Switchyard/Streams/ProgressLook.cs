using System.Management.Automation.Host;
using Switchyard.Engine;

namespace Switchyard.Streams;

/// <summary>
/// How a console shows progress in one line: the activity, then a bar with the status in it. It shows no other field of a record, so all that is to be read goes
/// there; and the bar begins wherever the status is just then, so colour is possible only in the activity.
/// </summary>
/// <param name="error">The sequence that begins what is an error's; null where there are no colours.</param>
/// <param name="style">The sequence of the rest of the line.</param>
/// <param name="width">Tells how many characters a line has.</param>
internal sealed class ProgressLook(string? error, string style, Func<int> width)
{
    /// <summary>Finds out how a host shows progress.</summary>
    /// <returns>How; null if it is not known to show it in one line.</returns>
    public static ProgressLook? Of(PSHost host)
    {
        if (host.Name != "ConsoleHost" || EngineMembers.Style.Get() is not { } style || Text(style, "Progress", "View") != "Minimal")
        {
            return null;
        }

        bool hasColours = host.UI.SupportsVirtualTerminal && Text(style, "OutputRendering") != "PlainText";
        return new ProgressLook(
            hasColours ? Text(style, "Formatting", "Error") : null,
            Text(style, "Progress", "Style") ?? string.Empty,
            () => Math.Min(host.UI.RawUI.WindowSize.Width, int.TryParse(Text(style, "Progress", "MaxWidth"), CultureInfo.InvariantCulture, out int most) && most > 0 ? most : int.MaxValue));
    }

    /// <summary>Adds to an activity what failed, in red if there is room for it: of a longer one the console shows a part, which could end within a sequence.</summary>
    public string WithFailures(string activity, string failures)
    {
        string plain = $"{activity} {failures}";
        string coloured = $"{activity} {error}{failures}{style}";
        return error is null || coloured.Length > width() / 2 ? plain : coloured;
    }

    private static string? Text(object owner, params string[] path)
    {
        object? value = owner;
        foreach (string name in path)
        {
            value = value is null ? null : PSObject.AsPSObject(value).Properties[name]?.Value;
        }

        return value?.ToString();
    }
}
