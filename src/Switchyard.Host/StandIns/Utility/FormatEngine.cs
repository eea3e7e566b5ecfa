using System.Management.Automation;
using System.Reflection;
using Microsoft.PowerShell.Commands.Internal.Format;

namespace Microsoft.PowerShell.Commands;

/// <summary>
/// The engine's formatting, as its own Out- and Format- commands use it: the public front ends are there to derive from, what
/// they hand over to is not.
/// </summary>
internal static class FormatEngine
{
    private const BindingFlags Hidden = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;
    private const string Namespace = "Microsoft.PowerShell.Commands.Internal.Format.";

    private static readonly FieldInfo Implementation = typeof(FrontEndCommandBase).GetField("implementation", Hidden)
        ?? throw new MissingFieldException("This version of the PowerShell engine formats in another way than Switchyard.Host knows.");

    /// <summary>Makes a command format its input in a shape: Table, List or Wide.</summary>
    public static void UseShape(FrontEndCommandBase command, string shape)
    {
        Type shapes = EngineType("FormatShape");
        object? inner = Activator.CreateInstance(EngineType("InnerFormatShapeCommand"), Hidden, null, [Enum.Parse(shapes, shape)], null);
        Implementation.SetValue(command, inner);
    }

    /// <summary>Makes a command write its formatted input to a writer.</summary>
    public static void UseWriter(FrontEndCommandBase command, TextWriter writer, int width, bool suppressNewLine)
    {
        object inner = Activator.CreateInstance(EngineType("OutputManagerInner"), nonPublic: true)!;
        object? output = Activator.CreateInstance(EngineType("TextWriterLineOutput"), Hidden, null, [writer, width, suppressNewLine], null);
        inner.GetType().GetProperty("LineOutput", Hidden)!.SetValue(inner, output);
        Implementation.SetValue(command, inner);
    }

    private static Type EngineType(string name) => typeof(PSObject).Assembly.GetType(Namespace + name, throwOnError: true)!;
}
