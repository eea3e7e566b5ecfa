namespace Switchyard.Core.Analysis;

/// <summary>One way to run the work, and what it is expected to do.</summary>
/// <param name="Rate">Items a second.</param>
/// <param name="StartUp">Seconds until the workers are ready.</param>
/// <param name="IsMeasured">Whether it was tried, and not only computed.</param>
internal sealed record Candidate(Recommendation Way, int Width, double Rate, double StartUp, bool IsMeasured);
