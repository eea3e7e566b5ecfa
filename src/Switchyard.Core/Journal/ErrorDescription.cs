namespace Switchyard.Core.Journal;

/// <summary>An item's error as a journal tells of it.</summary>
/// <param name="Id">Its stable id.</param>
/// <param name="Message">Its message.</param>
public sealed record ErrorDescription(string Id, string Message);
