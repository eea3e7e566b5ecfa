using System.Runtime.Versioning;

namespace Switchyard.Core.Processes.Windows;

/// <summary>The console that this process shares with its children on Windows.</summary>
[SupportedOSPlatform("windows")]
internal static class WindowsConsole
{
    private const uint ControlBreak = 1;

    /// <summary>The encoding of what programs at this console write.</summary>
    public static Encoding OutputEncoding
    {
        get
        {
            if (!IsPresent)
            {
                // Children then have a console of their own, which begins with this.
                return CodePage(WindowsCalls.GetOemCodePage());
            }

            // A console has no code page of these: where one is set, it is for a program that writes it.
            Encoding known = Console.OutputEncoding;
            return known is UnicodeEncoding or UTF32Encoding ? known : CodePage(WindowsCalls.GetConsoleOutputCodePage());
        }
    }

    public static bool IsPresent => WindowsCalls.GetConsoleCodePage() != 0;

    // Before the runtime's own, which knows but few.
    private static Encoding CodePage(uint codePage) => CodePagesEncodingProvider.Instance.GetEncoding((int)codePage) ?? Encoding.GetEncoding((int)codePage);

    /// <summary>Sends Ctrl+Break to the processes of a group that are at this console.</summary>
    /// <returns>False if there is no console, or no such group at it.</returns>
    public static bool SendBreak(int group) => WindowsCalls.SendConsoleEvent(ControlBreak, (uint)group) != 0;
}
