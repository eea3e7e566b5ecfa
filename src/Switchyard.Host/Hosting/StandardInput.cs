using System.Management.Automation;
using System.Management.Automation.Language;

namespace Switchyard.Host.Hosting;

/// <summary>Standard input as a script's <c>$input</c>.</summary>
internal static class StandardInput
{
    /// <summary>The lines of standard input as they come, if the script uses them; else an input that has ended.</summary>
    public static PSDataCollection<object> For(Ast? script)
    {
        var lines = new PSDataCollection<object>();
        if (script is null || !Console.IsInputRedirected || !UsesInput(script))
        {
            lines.Complete();
            return lines;
        }

        var reader = new Thread(() => Read(lines)) { IsBackground = true, Name = "Switchyard.Host input" };
        reader.Start();
        return lines;
    }

    private static void Read(PSDataCollection<object> lines)
    {
        while (Console.In.ReadLine() is { } line && lines.IsOpen)
        {
            lines.Add(line);
        }

        lines.Complete();
    }

    // Blocks and functions inside the script have an $input of their own.
    private static bool UsesInput(Ast script)
        => script.Find(
            static ast => ast is VariableExpressionAst { VariablePath.UserPath: var name } && name.Equals("input", StringComparison.OrdinalIgnoreCase),
            searchNestedScriptBlocks: false) is not null;
}
