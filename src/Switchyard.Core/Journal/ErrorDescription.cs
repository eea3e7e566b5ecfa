namespace Switchyard.Core.Journal;

/// <summary>An item's error as a journal tells of it.</summary>
internal sealed record ErrorDescription(string Id, string Message);
