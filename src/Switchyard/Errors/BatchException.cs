using System.Diagnostics.CodeAnalysis;

namespace Switchyard.Errors;

/// <summary>An error that ends the run, on its way to the cmdlet that reports it. Made by the classes beside this.</summary>
[SuppressMessage("Design", "CA1064:Exceptions should be public", Justification = "Users see the record, never this.")]
internal sealed class BatchException(ErrorRecord record) : Exception(record.Exception.Message, record.Exception)
{
    public ErrorRecord Record => record;
}
