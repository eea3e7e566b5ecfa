namespace Switchyard.Core.Processes;

/// <summary>A child could not be started.</summary>
public sealed class ChildStartException : Exception
{
    /// <summary>Creates it without a message.</summary>
    public ChildStartException()
    {
    }

    /// <summary>Creates it.</summary>
    /// <param name="message">The system's reason.</param>
    public ChildStartException(string message)
        : base(message)
    {
    }

    /// <summary>Creates it.</summary>
    /// <param name="message">The system's reason.</param>
    /// <param name="innerException">The cause.</param>
    public ChildStartException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>
    /// Whether the cause is this child's own, such as an argument that is too long. Otherwise the program or the folder is at fault,
    /// and no other child could be started either.
    /// </summary>
    public bool IsOfThisChild { get; init; }
}
