namespace Switchyard.Core.Control;

/// <summary>What a session takes of cores, in percent of one, and of memory, in bytes.</summary>
internal readonly record struct SessionLoad(double CpuPercent, long Memory);
