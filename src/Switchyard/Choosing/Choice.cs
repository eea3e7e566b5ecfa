using Switchyard.Core.Analysis;
using Switchyard.Core.Choices;
using Switchyard.Errors;
using Switchyard.Measuring;
using Switchyard.Results;

namespace Switchyard.Choosing;

/// <summary>What a batch decides about itself while it runs, and tells afterwards.</summary>
internal sealed class Choice
{
    private readonly ChosenWork _work;
    private readonly int _most;

    /// <param name="most">The most workers that there may be.</param>
    public Choice(ChosenWork work, ChoiceHints hints, int most)
    {
        _work = work;
        _most = most;
        Chooser = new WayChooser(work.Choosing, hints, Environment.ProcessorCount, most, Tell);

        // A program costs little to start, and what one after another would tell of it is seen at two as well.
        InitialThrottle = work.IsExecutable ? null : 1;
    }

    public WayChooser Chooser { get; }

    /// <summary>How many items run at a time at first; null for as many as there are cores.</summary>
    public int? InitialThrottle { get; }

    /// <summary>Makes the report, after the run.</summary>
    /// <param name="file">Where it goes as a page, too; null for nowhere.</param>
    /// <returns>Null if no item was measured.</returns>
    /// <exception cref="BatchException">The page cannot be written.</exception>
    public BottleneckReport? Report(InvocationInfo invocation, string? file)
    {
        if (RunFindings.Of(_work.Meter, Chooser, _work.IsExecutable) is not { } findings)
        {
            return null;
        }

        Advice advice = RunFindings.Advise(findings, Chooser, _most, _work.Choosing.WhyThreads);
        SuggestedCommand command = new CommandSuggester(invocation, far: null).Suggest(advice, ExecutionAdvisor.IsTooSmall(findings));
        BottleneckReport report = new(findings, advice, command);
        if (file is not null)
        {
            ReportFile.Write(file, findings, advice, report);
        }

        return report;
    }

    private void Tell(string decision) => _work.Choosing.Announce?.Invoke(RunNotices.Verbose(decision));
}
