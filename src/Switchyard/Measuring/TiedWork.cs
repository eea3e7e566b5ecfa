using System.Management.Automation.Language;
using Switchyard.Codec;

namespace Switchyard.Measuring;

/// <summary>Finds what a body does that only this process can: to call methods of objects that arrive elsewhere as their properties, to name types made here.</summary>
internal static class TiedWork
{
    /// <summary>Looks through a body.</summary>
    /// <param name="items">Some of its items.</param>
    /// <param name="usingValues">What it is given by <c>$using:</c>, by the text of that.</param>
    /// <returns>A phrase that says what it is; null if nothing was found.</returns>
    public static string? Find(ScriptBlock body, IEnumerable<object?> items, IEnumerable<KeyValuePair<string, object?>> usingValues)
    {
        Dictionary<string, object?> given = new(StringComparer.OrdinalIgnoreCase);
        foreach ((string text, object? value) in usingValues)
        {
            given.TryAdd(text, value);
        }

        Type? live = items.Select(LiveTypeOf).FirstOrDefault(type => type is not null);
        foreach (Ast found in body.Ast.FindAll(ast => ast is InvokeMemberExpressionAst { Static: false } or TypeExpressionAst, searchNestedScriptBlocks: true))
        {
            if (found is TypeExpressionAst { TypeName: var name })
            {
                if (name.GetReflectionType() is { } type && type.Assembly.Location.Length == 0)
                {
                    return MessageText.Format(Messages.MachinesTiedByType, name.FullName);
                }
            }
            else if (((InvokeMemberExpressionAst)found).Expression is var called
                && (called is VariableExpressionAst { VariablePath.UserPath: "_" or "PSItem" } ? live : LiveTypeOf(given.GetValueOrDefault(called.Extent.Text.Trim('(', ')', ' ')))) is { } type)
            {
                return MessageText.Format(Messages.MachinesTiedByObject, called.Extent.Text, type.Name);
            }
        }

        return null;
    }

    private static Type? LiveTypeOf(object? value) => PSObjects.Unwrap(value) is { } bare && CliXml.IsUsedFor(bare) ? bare.GetType() : null;
}
