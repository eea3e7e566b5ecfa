using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for Compare-Object. It compares all with all (the real command's default too); -SyncWindow is accepted.</summary>
[Cmdlet(VerbsData.Compare, "Object")]
public sealed class CompareObjectCommand : PSCmdlet
{
    private readonly List<PSObject> _difference = [];

    [Parameter(Position = 0, Mandatory = true)]
    [AllowEmptyCollection]
    public PSObject[] ReferenceObject { get; set; } = [];

    [Parameter(Position = 1, Mandatory = true, ValueFromPipeline = true)]
    [AllowEmptyCollection]
    public PSObject[] DifferenceObject { get; set; } = [];

    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int SyncWindow { get; set; } = int.MaxValue;

    [Parameter]
    public object[]? Property { get; set; }

    [Parameter]
    public SwitchParameter ExcludeDifferent { get; set; }

    [Parameter]
    public SwitchParameter IncludeEqual { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    [Parameter]
    public string? Culture { get; set; }

    [Parameter]
    public SwitchParameter CaseSensitive { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => _difference.AddRange(DifferenceObject);

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        ValueComparer comparer = ValueComparer.Create(Culture, CaseSensitive);
        PropertyArgument[] properties = PropertyArgument.Parse(this, Property);
        List<(PSObject Item, object?[] Values)> reference = [.. ReferenceObject.Select(item => (item, ValuesOf(item, properties)))];
        var added = new List<(PSObject Item, object?[] Values)>();
        foreach (PSObject item in _difference)
        {
            object?[] values = ValuesOf(item, properties);
            int found = reference.FindIndex(other => AreEqual(other.Values, values, comparer));
            if (found < 0)
            {
                added.Add((item, values));
                continue;
            }

            if (IncludeEqual || ExcludeDifferent)
            {
                Write(reference[found], "==", properties);
            }

            reference.RemoveAt(found);
        }

        if (!ExcludeDifferent)
        {
            added.ForEach(entry => Write(entry, "=>", properties));
            reference.ForEach(entry => Write(entry, "<=", properties));
        }
    }

    private static object?[] ValuesOf(PSObject item, PropertyArgument[] properties)
        => properties.Length == 0 ? [item] : [.. properties.Select(property => property.Expression.GetValues(item).FirstOrDefault()?.Result)];

    private static bool AreEqual(object?[] first, object?[] second, ValueComparer comparer)
        => first.Zip(second).All(pair => comparer.Compare(pair.First, pair.Second) == 0);

    private void Write((PSObject Item, object?[] Values) entry, string side, PropertyArgument[] properties)
    {
        if (PassThru)
        {
            PSObject passed = PSObject.AsPSObject(entry.Item);
            passed.Properties.Add(new PSNoteProperty("SideIndicator", side));
            WriteObject(passed);
            return;
        }

        var result = new PSObject();
        if (properties.Length == 0)
        {
            result.Properties.Add(new PSNoteProperty("InputObject", entry.Item));
        }

        for (int i = 0; i < properties.Length; i++)
        {
            result.Properties.Add(new PSNoteProperty(properties[i].Name ?? properties[i].Expression.ToString(), entry.Values[i]));
        }

        result.Properties.Add(new PSNoteProperty("SideIndicator", side));
        WriteObject(result);
    }
}
