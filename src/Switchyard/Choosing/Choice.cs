using Switchyard.Core.Analysis;
using Switchyard.Core.Choices;
using Switchyard.Core.Policies;
using Switchyard.Errors;
using Switchyard.Measuring;
using Switchyard.Results;

namespace Switchyard.Choosing;

/// <summary>What a batch decides about itself while it runs, remembers for the next and tells afterwards.</summary>
internal sealed class Choice
{
    // What is over sooner has shown too little.
    private static readonly TimeSpan _leastToRemember = TimeSpan.FromSeconds(0.5);

    private static readonly TimeSpan _usualProcessStart = TimeSpan.FromSeconds(0.8);

    // Of the whole time: with less to win, what was never tried is not begun with.
    private const double LeastPromised = 0.1;

    // Processes are started at once for so many times their start.
    private const double LeastOnProcesses = 3;

    private readonly ChosenWork _work;
    private readonly int _most;
    private readonly ChoiceMemory _memory = new(ChoiceMemory.DefaultPath, TimeProvider.System);
    private readonly string _key;
    private readonly LearntChoice? _learnt;
    private bool _triesProcesses;

    /// <param name="key">What the work is known by.</param>
    /// <param name="isFresh">Whether what was learnt of it is forgotten.</param>
    /// <param name="total">How many items there will be; null if that is not known.</param>
    /// <param name="most">The most workers that there may be.</param>
    public Choice(ChosenWork work, string key, bool isFresh, long? total, int most)
    {
        _work = work;
        _most = most;
        _key = key;
        if (isFresh)
        {
            _memory.Forget(key);
        }
        else
        {
            _learnt = _memory.Recall(key);
        }

        TimeSpan processStart = _learnt?.ProcessStartSeconds is var start and > 0 ? TimeSpan.FromSeconds(start.Value) : _usualProcessStart;
        Begin(total, processStart);
        Chooser = new WayChooser(work.Choosing, processStart, Environment.ProcessorCount, most, Tell, _triesProcesses ? _learnt!.ThreadRate : 0);
        work.Choosing.Closed = Remember;
    }

    public WayChooser Chooser { get; }

    /// <summary>How many items run at a time at first; null for as many as there are cores.</summary>
    public int? InitialThrottle { get; private set; }

    /// <summary>What the first items are expected to ask for; null if nothing is known of them.</summary>
    public ThrottleHint? ThrottleHint { get; private set; }

    /// <summary>How many items there were the last time; null if that is not known.</summary>
    public double? CountBefore => _learnt?.Items;

    /// <summary>Tells what the run begins with, and why.</summary>
    public void TellBegin()
    {
        if (_learnt is { } learnt)
        {
            if (_triesProcesses)
            {
                Chooser.Decide(Messages.ChoicePromised, learnt.Width, Evidence.Rate(learnt.Rate), Evidence.Rate(learnt.ThreadRate));
            }
            else
            {
                (string way, string rate) = Tried(learnt);
                Chooser.Decide(Messages.ChoiceRemembered, way, learnt.Width, rate);
            }
        }
        else if (_memory.Problem is { } problem)
        {
            Tell(problem);
        }
    }

    /// <summary>Makes the report, after the run.</summary>
    /// <param name="file">Where it goes as a page, too; null for nowhere.</param>
    /// <returns>Null if no item was recorded.</returns>
    /// <exception cref="BatchException">The page cannot be written.</exception>
    public BottleneckReport? Report(InvocationInfo invocation, string? file)
    {
        if (_work.Meter is not { } meter || RunFindings.Of(meter, Chooser, _work.IsExecutable) is not { } findings)
        {
            return null;
        }

        Advice advice = RunFindings.Advise(findings, Chooser, _most, _work.Choosing.WhyThreads);
        if (_learnt is { } learnt)
        {
            double now = RunFindings.BestOf(Chooser)?.Rate ?? advice.BestRate;
            (string way, string rate) = Tried(learnt);
            string held = MessageText.FormatFigures(
                Messages.ChoiceMemoryHeld, way, learnt.Width, rate, learnt.Runs, Evidence.Rate(now));
            advice = advice with { Evidence = [.. advice.Evidence, held] };
        }

        SuggestedCommand command = new CommandSuggester(invocation, far: null).Suggest(advice, ExecutionAdvisor.IsTooSmall(findings));
        BottleneckReport report = new(findings, advice, command);
        if (file is not null)
        {
            ReportFile.Write(file, findings, advice, report);
        }

        return report;
    }

    // What was expected of processes is not what anything has done.
    private static (string Way, string Rate) Tried(LearntChoice learnt) => learnt.Way == Recommendation.Processes && !IsUntried(learnt)
        ? (Messages.ChoiceProcessesName, Evidence.Rate(learnt.Rate))
        : (Messages.ChoiceThreadsName, Evidence.Rate(IsUntried(learnt) ? learnt.ThreadRate : learnt.Rate));

    private static bool IsUntried(LearntChoice learnt) => learnt is { Way: Recommendation.Processes, ProcessRate: 0 };

    private void Begin(long? total, TimeSpan processStart)
    {
        if (_learnt is not { } learnt)
        {
            // A program costs little to start, and what one after another would tell of it is seen at two as well.
            InitialThrottle = _work.IsExecutable ? null : 1;
            return;
        }

        int width = Math.Min(learnt.Width, _most);

        // What they are expected to do is that of compiled code.
        double seconds = (total ?? learnt.Items) / Math.Max(1e-9, IsUntried(learnt) ? learnt.ThreadRate : learnt.Rate);
        if (learnt.Way == Recommendation.Processes && _work.Choosing.MayMove && seconds > LeastOnProcesses * processStart.TotalSeconds)
        {
            _work.Choosing.ProcessesAtOnce = width;
            _triesProcesses = IsUntried(learnt);
        }
        else if (learnt is { Way: Recommendation.Threads, ItemSeconds: > 0, CpuSeconds: > 0 })
        {
            ThrottleHint = new ThrottleHint(width, learnt.CpuSeconds / learnt.ItemSeconds);
            return;
        }

        InitialThrottle = width;
    }

    private void Remember()
    {
        long count = _work.Choosing.ItemCount;
        if (Chooser.Elapsed < _leastToRemember || count == 0 || Chooser.Limit == 0)
        {
            return;
        }

        WayPoint? best = RunFindings.BestOf(Chooser);
        if (best is null && _learnt is { ItemSeconds: > 0 })
        {
            // Too short to be measured, where a longer one was.
            _memory.Remember(_key, _learnt with { Items = count, Runs = _learnt.Runs + 1, When = DateTimeOffset.UtcNow });
            return;
        }

        // Without a measurement it is what the first items asked for.
        LearntChoice now = new()
        {
            Way = best?.Way ?? _work.Choosing.Way,
            Width = best?.Measurement.Limit ?? Chooser.Limit,
            ItemSeconds = best?.Measurement.Latency ?? 0,
            CpuSeconds = best?.Measurement.Cpu ?? 0,
            Rate = best?.Rate ?? count / Chooser.Elapsed.TotalSeconds,
            ThreadRate = Chooser.BestRate(Recommendation.Threads) is var threads and > 0 ? threads : _learnt?.ThreadRate ?? 0,
            ProcessRate = Chooser.BestRate(Recommendation.Processes) is var processes and > 0 ? processes : _learnt?.ProcessRate ?? 0,
            Items = count,
            ProcessStartSeconds = _work.Choosing.ProcessStart?.TotalSeconds ?? _learnt?.ProcessStartSeconds ?? 0,
            Runs = (_learnt?.Runs ?? 0) + 1,
            When = DateTimeOffset.UtcNow,
        };
        _memory.Remember(_key, IsPromising(now) ? now with { Way = Recommendation.Processes, Width = Math.Min(Environment.ProcessorCount, _most), Rate = Chooser.Promised } : now);
    }

    // What would not have made up for moving on the way may pay from the first item on.
    private bool IsPromising(LearntChoice now)
    {
        double seconds = Chooser.Elapsed.TotalSeconds;
        return now is { Way: Recommendation.Threads, ProcessRate: 0 } && Chooser.Promised > 0
            && seconds - (now.Items / Chooser.Promised) - _usualProcessStart.TotalSeconds > LeastPromised * seconds;
    }

    private void Tell(string decision) => _work.Choosing.Announce?.Invoke(RunNotices.Verbose(decision));
}
