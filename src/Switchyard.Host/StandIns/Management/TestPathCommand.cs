using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for Test-Path.</summary>
[Cmdlet(VerbsDiagnostic.Test, "Path", DefaultParameterSetName = "Path")]
[OutputType(typeof(bool))]
public sealed class TestPathCommand : ProviderCommandBase
{
    private bool _literal;

    [Parameter(Position = 0, ParameterSetName = "Path", Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyCollection]
    [AllowEmptyString]
    public string?[]? Path { get; set; }

    [Parameter(ParameterSetName = "LiteralPath", Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath", "LP")]
    [AllowNull]
    [AllowEmptyCollection]
    [AllowEmptyString]
    public string?[]? LiteralPath
    {
        get => Path;
        set
        {
            _literal = true;
            Path = value;
        }
    }

    [Parameter]
    public string? Filter { get; set; }

    [Parameter]
    public string[]? Include { get; set; }

    [Parameter]
    public string[]? Exclude { get; set; }

    [Parameter]
    [Alias("Type")]
    public TestPathType PathType { get; set; } = TestPathType.Any;

    [Parameter]
    public SwitchParameter IsValid { get; set; }

    /// <inheritdoc/>
    protected override bool IsLiteral => _literal;

    /// <inheritdoc/>
    protected override bool IsForced => true;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (Path is not { Length: > 0 })
        {
            var error = new ArgumentNullException("Path", "The provided Path argument was null or an empty collection.");
            WriteError(new ErrorRecord(error, "NullPathNotPermitted", ErrorCategory.InvalidArgument, Path));
            return;
        }

        foreach (string? path in Path)
        {
            if (path is null)
            {
                var error = new ArgumentNullException("Path", "The provided Path argument was null or an empty collection.");
                WriteError(new ErrorRecord(error, "NullPathNotPermitted", ErrorCategory.InvalidArgument, path));
                continue;
            }

            WriteObject(!string.IsNullOrWhiteSpace(path) && Test(path));
        }
    }

    private protected override void SetFilters(ProviderContext context) => context.SetFilters(Include, Exclude, Filter);

    private protected override object? GetDynamicParameters(ProviderContext context)
        => PathType == TestPathType.Any && !IsValid && Path is [{ Length: > 0 } first, ..]
            ? DynamicParameterCall.ForTestPath(this, first, context)
            : null;

    private bool Test(string path)
    {
        try
        {
            if (IsValid)
            {
                return SessionState.Path.IsValid(path);
            }

            bool isContainer = InvokeProvider.Item.IsContainer(path, CreateContext());
            return PathType switch
            {
                TestPathType.Container => isContainer,
                TestPathType.Leaf => !isContainer && InvokeProvider.Item.Exists(path, CreateContext()),
                _ => InvokeProvider.Item.Exists(path, CreateContext()),
            };
        }
        catch (SessionStateException)
        {
            // No such drive or provider: so nothing is there.
            return false;
        }
    }
}
