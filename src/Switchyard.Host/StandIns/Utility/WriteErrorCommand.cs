using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for Write-Error.</summary>
[Cmdlet(VerbsCommunications.Write, "Error", DefaultParameterSetName = "NoException")]
public sealed class WriteErrorCommand : PSCmdlet
{
    private static readonly HiddenMethod SetInvocation = new(typeof(ErrorRecord), "SetInvocationInfo", typeof(InvocationInfo));
    private static readonly HiddenMethod Preserve = new(typeof(ErrorRecord), "set_PreserveInvocationInfoOnce", typeof(bool));

    [Parameter(Position = 0, ParameterSetName = "WithException", Mandatory = true)]
    public Exception? Exception { get; set; }

    [Parameter(Position = 0, ParameterSetName = "NoException", Mandatory = true, ValueFromPipeline = true)]
    [Parameter(ParameterSetName = "WithException")]
    [AllowNull]
    [AllowEmptyString]
    [Alias("Msg")]
    public string? Message { get; set; }

    [Parameter(Position = 0, ParameterSetName = "ErrorRecord", Mandatory = true)]
    public ErrorRecord? ErrorRecord { get; set; }

    [Parameter(ParameterSetName = "NoException")]
    [Parameter(ParameterSetName = "WithException")]
    public ErrorCategory Category { get; set; } = ErrorCategory.NotSpecified;

    [Parameter(ParameterSetName = "NoException")]
    [Parameter(ParameterSetName = "WithException")]
    public string ErrorId { get; set; } = string.Empty;

    [Parameter(ParameterSetName = "NoException")]
    [Parameter(ParameterSetName = "WithException")]
    public object? TargetObject { get; set; }

    [Parameter]
    public string RecommendedAction { get; set; } = string.Empty;

    [Parameter]
    [Alias("Activity")]
    public string CategoryActivity { get; set; } = string.Empty;

    [Parameter]
    [Alias("Reason")]
    public string CategoryReason { get; set; } = string.Empty;

    [Parameter]
    [Alias("TargetName")]
    public string CategoryTargetName { get; set; } = string.Empty;

    [Parameter]
    [Alias("TargetType")]
    public string CategoryTargetType { get; set; } = string.Empty;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        ErrorRecord record = ErrorRecord is null ? CreateRecord() : new ErrorRecord(ErrorRecord, null);
        if (RecommendedAction.Length > 0)
        {
            record.ErrorDetails ??= new ErrorDetails(record.ToString());
            record.ErrorDetails.RecommendedAction = RecommendedAction;
        }

        SetCategory(record.CategoryInfo);

        // The error is the script's, at the script's position, and not this command's.
        if (GetVariableValue("MyInvocation") is InvocationInfo caller)
        {
            SetInvocation.Invoke(record, caller);
            Preserve.Invoke(record, true);
            record.CategoryInfo.Activity = CategoryActivity.Length > 0 ? CategoryActivity : "Write-Error";
        }

        WriteError(record);
    }

    private ErrorRecord CreateRecord()
    {
        Exception exception = Exception ?? new WriteErrorException(Message ?? string.Empty);
        string id = string.IsNullOrEmpty(ErrorId) ? exception.GetType().FullName! : ErrorId;
        var record = new ErrorRecord(exception, id, Category, TargetObject);
        if (Exception is not null && !string.IsNullOrEmpty(Message))
        {
            record.ErrorDetails = new ErrorDetails(Message);
        }

        return record;
    }

    private void SetCategory(ErrorCategoryInfo category)
    {
        if (CategoryActivity.Length > 0)
        {
            category.Activity = CategoryActivity;
        }

        if (CategoryReason.Length > 0)
        {
            category.Reason = CategoryReason;
        }

        if (CategoryTargetName.Length > 0)
        {
            category.TargetName = CategoryTargetName;
        }

        if (CategoryTargetType.Length > 0)
        {
            category.TargetType = CategoryTargetType;
        }
    }
}
