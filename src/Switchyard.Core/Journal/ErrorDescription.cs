namespace Switchyard.Core.Journal;

/// <summary>An item's error as a journal tells of it. Both are empty where the journal does not say.</summary>
internal sealed record ErrorDescription(string Id, string Message)
{
    public string Id { get; init; } = Id ?? string.Empty;

    public string Message { get; init; } = Message ?? string.Empty;
}
