using Switchyard.Core.Analysis;
using Switchyard.Core.Harness;
using Switchyard.Core.Policies;
using Switchyard.Core.Trials.Metering;

namespace Switchyard.Core.Choices;

/// <remarks>On two cores, with items of 10 ms: one after another 100 a second.</remarks>
public sealed class WayChooserTests : IDisposable
{
    private const int Many = 10_000;

    private readonly List<string> _told = [];
    private readonly ChoosingWorkerFactory _workers;
    private WarmState _state = new(0, DateTime.UnixEpoch, 0, TimeSpan.Zero);

    public WayChooserTests()
    {
        ScriptedWorkers none = new((_, _) => { });
        _workers = new ChoosingWorkerFactory(none, none, meter: null);
    }

    public void Dispose() => _workers.Dispose();

    [Fact]
    public void Threads_that_the_collector_stops_move_to_processes()
    {
        WayChooser chooser = Create();

        Assert.Null(Judge(chooser, Measured(1, 100, 0.010, 0.010)));
        Assert.Equal(2, JudgeWarm(chooser, Measured(2, 130, 0.015, 0.011), collected: 0.3));

        Assert.Equal(Recommendation.Processes, _workers.Way);
        Assert.Contains("garbage collection stops all threads for 30 %", Assert.Single(_told), StringComparison.Ordinal);
    }

    [Fact]
    public void Threads_that_are_stopped_most_of_the_time_need_not_be_warm()
    {
        WayChooser chooser = Create();

        Judge(chooser, Measured(1, 100, 0.010, 0.010));
        Assert.Equal(2, Judge(chooser, Measured(2, 110, 0.018, 0.011), collected: 0.4));
    }

    [Fact]
    public void Threads_that_wait_for_a_lock_move_to_processes()
    {
        WayChooser chooser = Create();

        Judge(chooser, Measured(1, 100, 0.010, 0.010));
        Assert.Equal(2, JudgeWarm(chooser, Measured(2, 102, 0.020, 0.010), contentions: 2));
    }

    [Theory]
    [InlineData(130, 0.011, 0.0, "memory that all cores share holds up processes, too")]
    [InlineData(180, 0.010, 0.3, "there is little to win")]
    public void Threads_stay(double rate, double cpu, double collected, string why)
    {
        WayChooser chooser = Create();

        Judge(chooser, Measured(1, 100, 0.010, 0.010));
        Assert.True(JudgeWarm(chooser, Measured(2, rate, 2 / rate, cpu), collected) is null, why);
        Assert.Empty(_told);
    }

    [Fact]
    public void Items_that_wait_stay_on_threads()
    {
        WayChooser chooser = Create();

        Judge(chooser, Measured(1, 100, 0.010, 0.001));
        Assert.Null(JudgeWarm(chooser, Measured(2, 130, 0.015, 0.001), collected: 0.3, contentions: 5));
    }

    [Theory]
    [InlineData(100, true)]
    [InlineData(Many, false)]
    public void Too_few_items_do_not_make_up_for_the_start(long left, bool stays)
    {
        WayChooser chooser = Create();

        Judge(chooser, Measured(1, 100, 0.010, 0.010), left: left);
        Assert.Equal(stays, JudgeWarm(chooser, Measured(2, 130, 0.015, 0.011), collected: 0.3, left: left) is null);
    }

    [Fact]
    public void What_processes_would_do_is_known_where_too_few_items_are_left_to_move()
    {
        WayChooser chooser = Create();

        Judge(chooser, Measured(1, 100, 0.010, 0.010), left: 100);
        JudgeWarm(chooser, Measured(2, 130, 0.015, 0.011), collected: 0.3, left: 100);
        Assert.Equal(180, chooser.Promised, 0);

        // Items that wait want no processes.
        Judge(chooser, Measured(2, 20, 0.100, 0.004), left: 100);
        Judge(chooser, Measured(1, 10, 0.100, 0.004), left: 100);
        Assert.Equal(0, chooser.Promised);
    }

    [Theory]
    [InlineData(0.000, 120, true)]
    [InlineData(0.000, 140, false)]
    [InlineData(0.012, 70, false)]
    [InlineData(0.012, 60, true)]
    public void Processes_that_are_begun_with_have_to_do_better_than_threads_did_but_for_what_others_take(double queue, double rate, bool areLeft)
    {
        _workers.MoveTo(Recommendation.Processes, 2);
        WayChooser chooser = Create(threadRate: 130);
        _workers.NoteReady(Recommendation.Processes);
        _workers.NoteReady(Recommendation.Processes);
        Settle(chooser);

        int?[] answers = [.. Enumerable.Range(0, 12).Select(_ => Judge(chooser, Measured(2, rate, 2 / rate, 0.012) with { RunQueue = queue }))];

        Assert.Equal(areLeft ? 2 : null, answers.FirstOrDefault(answer => answer is not null));
        Assert.Equal(areLeft ? Recommendation.Threads : Recommendation.Processes, _workers.Way);
    }

    [Fact]
    public void While_threads_become_faster_from_one_measurement_to_the_next_nothing_moves()
    {
        WayChooser chooser = Create();

        Judge(chooser, Measured(1, 100, 0.010, 0.010));
        foreach (double rate in (double[])[60, 70, 80, 90])
        {
            Assert.Null(Judge(chooser, Measured(2, rate, 2 / rate, 0.011), collected: 0.3));
        }

        Assert.Equal(2, Judge(chooser, Measured(2, 90, 2 / 90.0, 0.011), collected: 0.3));
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(10, true)]
    public void What_this_process_had_to_compile_belongs_to_the_start_of_others(double compiled, bool stays)
    {
        WayChooser chooser = Create();
        _state = _state with { Compiled = TimeSpan.FromSeconds(compiled) };

        Judge(chooser, Measured(1, 100, 0.010, 0.010), left: 2000);
        Assert.Equal(stays, JudgeWarm(chooser, Measured(2, 130, 0.015, 0.011), collected: 0.3, left: 2000) is null);
    }

    [Fact]
    public void What_ties_them_to_threads_is_told_once_with_what_it_costs()
    {
        _workers.WhyThreads = "the body uses $PID";
        WayChooser chooser = Create();

        Judge(chooser, Measured(1, 100, 0.010, 0.010));
        for (int i = 0; i < 3; i++)
        {
            Assert.Null(Judge(chooser, Measured(2, 130, 0.015, 0.011), collected: 0.3));
        }

        Assert.Contains("the body uses $PID", Assert.Single(_told), StringComparison.Ordinal);
        Assert.Contains("180", _told[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Processes_that_do_no_better_are_left_and_not_tried_again()
    {
        WayChooser chooser = Create();
        MoveToProcesses(chooser);

        int?[] answers = [.. Enumerable.Range(0, 5).Select(_ => Judge(chooser, Measured(2, 120, 0.016, 0.012)))];

        Assert.Equal([null, null, null, null, 2], answers);
        Assert.Equal(Recommendation.Threads, _workers.Way);
        Settle(chooser);
        Assert.Null(JudgeWarm(chooser, Measured(2, 130, 0.015, 0.011), collected: 0.3));
    }

    [Fact]
    public void Processes_have_as_long_as_this_one_had_to_compile()
    {
        WayChooser chooser = Create();
        _state = _state with { Compiled = TimeSpan.FromSeconds(3) };
        MoveToProcesses(chooser);

        // A quarter of a second each.
        Assert.All(Enumerable.Range(0, 9), _ => Assert.Null(Judge(chooser, Measured(2, 120, 0.016, 0.012))));
        Assert.Equal(2, Judge(chooser, Measured(2, 120, 0.016, 0.012)));
    }

    [Fact]
    public void Processes_that_become_faster_are_not_left()
    {
        WayChooser chooser = Create();
        MoveToProcesses(chooser);

        for (double rate = 40; rate < 120; rate *= 1.2)
        {
            Assert.Null(Judge(chooser, Measured(2, rate, 2 / rate, 1.8 / rate)));
        }
    }

    [Fact]
    public void Processes_that_do_better_stay()
    {
        WayChooser chooser = Create();
        MoveToProcesses(chooser);

        Assert.All(Enumerable.Range(0, 10), _ => Assert.Null(Judge(chooser, Measured(2, 170, 0.012, 0.011))));
        Assert.Equal(Recommendation.Processes, _workers.Way);
    }

    [Fact]
    public void What_an_output_has_moved_back_to_threads_is_measured_anew()
    {
        WayChooser chooser = Create();
        MoveToProcesses(chooser);

        _workers.WhyThreads = "it writes a live object";

        Settle(chooser);
        Assert.Null(Judge(chooser, Measured(2, 120, 0.016, 0.012)));
    }

    [Fact]
    public void Items_in_processes_that_begin_to_wait_move_to_many_threads()
    {
        WayChooser chooser = Create();
        MoveToProcesses(chooser);

        Assert.Equal(20, Judge(chooser, Measured(2, 20, 0.100, 0.010)));
        Assert.Equal(Recommendation.Threads, _workers.Way);
    }

    private static ThrottleMeasurement Measured(int limit, double rate, double latency, double cpu) => new(limit, rate, latency, cpu, 1, 0.01, 0.25);

    private WayChooser Create(double threadRate = 0) => new(_workers, TimeSpan.FromSeconds(0.8), cores: 2, most: 64, _told.Add, threadRate, () => _state);

    private void MoveToProcesses(WayChooser chooser)
    {
        Judge(chooser, Measured(1, 100, 0.010, 0.010));
        Assert.Equal(2, JudgeWarm(chooser, Measured(2, 130, 0.015, 0.011), collected: 0.3));
        _workers.NoteReady(Recommendation.Processes);
        Assert.Null(Judge(chooser, Measured(2, 10, 0.1, 0.001)));
        _workers.NoteReady(Recommendation.Processes);
        Settle(chooser);
    }

    // What is measured while workers change says nothing: it is begun anew.
    private void Settle(WayChooser chooser)
    {
        for (int i = 0; i < 2 && _workers.IsMoving; i++)
        {
            _workers.NoteReady(_workers.Way);
        }

        Assert.Equal(2, Judge(chooser, Measured(2, 10, 0.1, 0.001)));
    }

    // The first measurement of a width may be one of code that was not compiled yet.
    private int? JudgeWarm(WayChooser chooser, in ThrottleMeasurement measurement, double collected = 0, double contentions = 0, long left = Many)
    {
        Assert.Null(Judge(chooser, measurement, collected, contentions, left));
        return Judge(chooser, measurement, collected, contentions, left);
    }

    private int? Judge(WayChooser chooser, in ThrottleMeasurement measurement, double collected = 0, double contentions = 0, long left = Many)
    {
        double items = measurement.Throughput * measurement.Duration;
        _state = _state with
        {
            Timestamp = _state.Timestamp + (long)(measurement.Duration * System.Diagnostics.Stopwatch.Frequency),
            Pauses = _state.Pauses + TimeSpan.FromSeconds(collected * measurement.Duration),
            Contentions = _state.Contentions + (long)Math.Ceiling(contentions * items),
        };
        return chooser.Judge(measurement, left);
    }
}
