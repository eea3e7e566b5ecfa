namespace Switchyard.Core.Policies;

/// <summary>The limit that was right for the same work before, and by what it is known again.</summary>
/// <param name="CpuShare">The share of their time in which its items used the CPU, 0 to 1.</param>
internal readonly record struct ThrottleHint(int Limit, double CpuShare);
