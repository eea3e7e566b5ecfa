using System.Management.Automation;
using System.Management.Automation.Provider;

namespace Microsoft.PowerShell.Commands;

/// <summary>What Set-Content and Add-Content share: writers that stay open while values come.</summary>
public abstract class WriteContentCommandBase : ContentPathCommandBase, IDisposable
{
    private List<IContentWriter>? _writers;

    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyCollection]
    public object[]? Value { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override bool IsForced => Force;

    /// <inheritdoc/>
    protected override bool IsPassedThru => false;

    /// <inheritdoc/>
    public void Dispose()
    {
        Close();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (_writers is null)
        {
            _writers = [];
            ForEachPath(Path, path =>
            {
                if (ShouldWrite(path))
                {
                    _writers.AddRange(Open(path));
                }
            });
        }

        object?[] values = Value ?? [];
        foreach (IContentWriter writer in _writers)
        {
            writer.Write(values);
        }

        if (PassThru && _writers.Count > 0)
        {
            WriteObject(values, enumerateCollection: true);
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => Close();

    private protected abstract IEnumerable<IContentWriter> Open(string path);

    private protected abstract bool ShouldWrite(string path);

    private protected override object? GetDynamicParameters(ProviderContext context) => DynamicParameterCall.ForWriter(this, FirstPath, context);

    private void Close()
    {
        foreach (IContentWriter writer in _writers ?? [])
        {
            writer.Close();
            writer.Dispose();
        }

        _writers = null;
    }
}
