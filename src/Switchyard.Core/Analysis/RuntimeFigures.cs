namespace Switchyard.Core.Analysis;

/// <summary>What a .NET process says of itself over its diagnostic port.</summary>
/// <param name="PauseSeconds">Seconds for which these stopped all its threads.</param>
/// <param name="LockSeconds">Seconds that its threads waited for monitors, all together.</param>
internal sealed record RuntimeFigures(int Collections, double PauseSeconds, int Contentions, double LockSeconds);
