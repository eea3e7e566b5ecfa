namespace Switchyard.Core.Items;

/// <summary>What one more worker takes of what the system grants a process or a user, with what its items usually start.</summary>
/// <param name="Files">Open files of this process.</param>
/// <param name="Tasks">Processes and threads of this user.</param>
internal readonly record struct WorkerNeeds(int Files, int Tasks);
