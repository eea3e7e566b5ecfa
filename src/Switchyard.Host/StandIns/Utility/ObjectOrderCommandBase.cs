using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>What commands that put objects in an order share: their input and how values compare.</summary>
public abstract class ObjectOrderCommandBase : PSCmdlet
{
    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    [Parameter(Position = 0)]
    public object[]? Property { get; set; }

    [Parameter]
    public string? Culture { get; set; }

    [Parameter]
    public SwitchParameter CaseSensitive { get; set; }

    /// <summary>What came in.</summary>
    protected IList<PSObject> Items { get; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (InputObject is not null && InputObject != System.Management.Automation.Internal.AutomationNull.Value)
        {
            Items.Add(InputObject);
        }
    }

    /// <summary>The objects with the values that they are ordered by.</summary>
    private protected (OrderedEntry[] Entries, PropertyArgument[] Properties) Evaluate()
    {
        PropertyArgument[] properties = PropertyArgument.Parse(this, Property ?? DefaultProperties());
        var entries = new OrderedEntry[Items.Count];
        for (int i = 0; i < entries.Length; i++)
        {
            PSObject item = Items[i];
            OrderedValue[] values = properties.Length == 0
                ? [new OrderedValue(true, item)]
                : [.. properties.Select(property => ValueOf(property.Expression, item))];
            entries[i] = new OrderedEntry(item, values);
        }

        return (entries, properties);
    }

    private protected ValueComparer CreateComparer() => ValueComparer.Create(Culture, CaseSensitive);

    private static OrderedValue ValueOf(PSPropertyExpression expression, PSObject item)
    {
        List<PSPropertyExpressionResult> results = expression.GetValues(item);
        return results.Count == 0 || results[0].Exception is not null
            ? new OrderedValue(false, null)
            : new OrderedValue(true, results[0].Result);
    }

    // What the type says identifies its objects: a file is ordered by its name without being told so.
    private object[]? DefaultProperties()
        => Items.Count > 0
            && Items[0].Members["PSStandardMembers"] is PSMemberSet standard
            && standard.Members["DefaultKeyPropertySet"] is PSPropertySet { ReferencedPropertyNames: { Count: > 0 } names }
            ? [.. names]
            : null;
}
