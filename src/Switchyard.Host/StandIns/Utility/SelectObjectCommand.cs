using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for Select-Object.</summary>
[Cmdlet(VerbsCommon.Select, "Object", DefaultParameterSetName = DefaultSet)]
public sealed class SelectObjectCommand : PSCmdlet
{
    private const string DefaultSet = "DefaultParameter";
    private const string SkipLastSet = "SkipLastParameter";
    private const string IndexSet = "IndexParameter";
    private const string SkipIndexSet = "SkipIndexParameter";

    private PropertySelection? _selection;
    private SelectedRange? _range;

    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    [Parameter(Position = 0, ParameterSetName = DefaultSet)]
    [Parameter(Position = 0, ParameterSetName = SkipLastSet)]
    public object[]? Property { get; set; }

    [Parameter(ParameterSetName = DefaultSet)]
    [Parameter(ParameterSetName = SkipLastSet)]
    public string[]? ExcludeProperty { get; set; }

    [Parameter(ParameterSetName = DefaultSet)]
    [Parameter(ParameterSetName = SkipLastSet)]
    public string? ExpandProperty { get; set; }

    [Parameter]
    public SwitchParameter Unique { get; set; }

    [Parameter]
    public SwitchParameter CaseInsensitive { get; set; }

    [Parameter(ParameterSetName = DefaultSet)]
    [ValidateRange(0, int.MaxValue)]
    public int Last { get; set; } = -1;

    [Parameter(ParameterSetName = DefaultSet)]
    [ValidateRange(0, int.MaxValue)]
    public int First { get; set; } = -1;

    [Parameter(ParameterSetName = DefaultSet)]
    [Parameter(ParameterSetName = SkipLastSet)]
    [ValidateRange(0, int.MaxValue)]
    public int Skip { get; set; }

    [Parameter(ParameterSetName = SkipLastSet)]
    [ValidateRange(0, int.MaxValue)]
    public int SkipLast { get; set; }

    [Parameter(ParameterSetName = DefaultSet)]
    [Parameter(ParameterSetName = IndexSet)]
    public SwitchParameter Wait { get; set; }

    [Parameter(ParameterSetName = IndexSet)]
    [ValidateRange(0, int.MaxValue)]
    public int[]? Index { get; set; }

    [Parameter(ParameterSetName = SkipIndexSet)]
    [ValidateRange(0, int.MaxValue)]
    public int[]? SkipIndex { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _selection = new PropertySelection(this, Property, ExcludeProperty, ExpandProperty, Unique, CaseInsensitive);
        _range = ParameterSetName switch
        {
            IndexSet => SelectedRange.OfIndexes(Index ?? []),
            SkipIndexSet => SelectedRange.WithoutIndexes(SkipIndex ?? []),
            _ => SelectedRange.Of(First, Last, Skip, SkipLast),
        };
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (InputObject is null || InputObject == System.Management.Automation.Internal.AutomationNull.Value)
        {
            return;
        }

        if (_range!.Add(InputObject) is { } selected)
        {
            _selection!.Write(selected);
        }

        if (_range.IsSatisfied && !Wait)
        {
            EndProcessing();
            throw StopUpstream.By(this);
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        foreach (PSObject rest in _range!.TakeRest())
        {
            _selection!.Write(rest);
        }

        _selection!.WriteUnique();
    }
}
