namespace Switchyard.Core.Processes.Trees;

/// <summary>A process as the system's table shows it.</summary>
/// <param name="Mark">Value of its <see cref="ChildEnvironment.MarkName"/>; null if it has none or it cannot be read.</param>
internal readonly record struct ProcessEntry(int Id, int ParentId, int GroupId, string? Mark);
