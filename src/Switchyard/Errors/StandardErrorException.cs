using System.Diagnostics.CodeAnalysis;

namespace Switchyard;

/// <summary>
/// A line that an executable wrote to its error output. It is no failure: progress and notes go there as well. So it neither
/// fails the item nor stops a batch under <c>-ErrorAction Stop</c>.
/// </summary>
[SuppressMessage("Design", "CA1032:Implement standard exception constructors", Justification = "It means nothing without its line.")]
public sealed class StandardErrorException : Exception
{
    internal StandardErrorException(string message, string line)
        : base(message) => Line = line;

    /// <summary>The line as it was written.</summary>
    public string Line { get; }
}
