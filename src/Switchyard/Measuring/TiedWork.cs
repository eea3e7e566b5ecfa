using System.Management.Automation.Language;
using Switchyard.Codec;

namespace Switchyard.Measuring;

/// <summary>
/// Finds what of a body only this process can do: to call methods of objects of which elsewhere only the properties arrive, to use types that were made here.
/// </summary>
internal sealed class TiedWork
{
    private readonly (string Text, object? Value)[] _called;

    /// <summary>Looks through a body, on the pipeline's thread.</summary>
    /// <param name="usingValues">What it is given by <c>$using:</c>, by the text of that.</param>
    /// <param name="checksTypes">Whether workers have no types but those that any PowerShell has.</param>
    public TiedWork(ScriptBlock body, IEnumerable<KeyValuePair<string, object?>> usingValues, bool checksTypes)
    {
        Dictionary<string, object?> given = new(StringComparer.OrdinalIgnoreCase);
        foreach ((string text, object? value) in usingValues)
        {
            given.TryAdd(text, value);
        }

        _called =
        [
            .. body.Ast.FindAll(ast => ast is InvokeMemberExpressionAst { Static: false }, searchNestedScriptBlocks: true)
                .Select(call => ((InvokeMemberExpressionAst)call).Expression.Extent.Text.Trim('(', ')', ' '))
                .Distinct().Select(text => (text, given.GetValueOrDefault(text))),
        ];
        string? type = !checksTypes ? null : body.Ast.FindAll(ast => ast is TypeExpressionAst, searchNestedScriptBlocks: true)
            .Select(type => ((TypeExpressionAst)type).TypeName)
            .FirstOrDefault(name => name.GetReflectionType() is { } type && type.Assembly.Location.Length == 0)?.FullName;
        OwnType = type is null ? null : MessageText.Format(Messages.MachinesTiedByType, type);
    }

    /// <summary>Says which type it names that was made here; null for none.</summary>
    public string? OwnType { get; }

    /// <summary>Says which object it calls that would arrive elsewhere without its methods.</summary>
    /// <param name="items">Some of the body's items.</param>
    /// <returns>A phrase; null if nothing was found.</returns>
    public string? Find(IEnumerable<object?> items)
    {
        Type? live = null;
        string? text = _called.FirstOrDefault(call =>
            (live = LiveTypeOf(call.Value) ?? (call.Text is "$_" or "$PSItem" ? items.Select(LiveTypeOf).FirstOrDefault(type => type is not null) : null)) is not null).Text;
        return text is null ? null : MessageText.Format(Messages.MachinesTiedByObject, text, live!.Name);
    }

    private static Type? LiveTypeOf(object? value) => PSObjects.Unwrap(value) is { } bare && CliXml.IsUsedFor(bare) ? bare.GetType() : null;
}
