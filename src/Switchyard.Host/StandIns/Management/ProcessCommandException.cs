namespace Microsoft.PowerShell.Commands;

/// <summary>What the commands on processes report.</summary>
public class ProcessCommandException : SystemException
{
    public ProcessCommandException()
        : base("A process could not be found or handled.")
    {
    }

    public ProcessCommandException(string message)
        : base(message)
    {
    }

    public ProcessCommandException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>The process that was meant.</summary>
    public string? ProcessName { get; set; }
}
