namespace Microsoft.PowerShell.Commands;

/// <summary>The exception of what Write-Error writes from a message alone; its name is the default error id.</summary>
public class WriteErrorException : SystemException
{
    public WriteErrorException()
        : base("An error was written.")
    {
    }

    public WriteErrorException(string message)
        : base(message)
    {
    }

    public WriteErrorException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
