using System.Globalization;
using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Axes;
using OxyPlot.Series;
using Switchyard.Core.Analysis;
using Switchyard.Core.Items;

namespace Switchyard.Reports;

/// <summary>The charts of a measurement.</summary>
internal static class BottleneckCharts
{
    // More bars than this are a smear, and megabytes.
    private const int MostItems = 3_000;

    /// <summary>The color of threads, as HTML writes it.</summary>
    public const string ThreadColor = "#1f77b4";

    public const string ProcessColor = "#e67e22";

    private static readonly OxyColor _threads = OxyColor.Parse(ThreadColor);
    private static readonly OxyColor _processes = OxyColor.Parse(ProcessColor);
    private static readonly OxyColor _failed = OxyColor.FromRgb(0xd6, 0x27, 0x28);
    private static readonly OxyColor _grid = OxyColor.FromRgb(0xe3, 0xe7, 0xec);

    /// <summary>The time of an item by kinds, as one bar.</summary>
    public static PlotModel Split(TimeSplit split)
    {
        PlotModel chart = Chart();
        chart.Axes.Add(new CategoryAxis { Position = AxisPosition.Left, ItemsSource = new[] { string.Empty }, TickStyle = TickStyle.None, AxislineStyle = LineStyle.None });
        chart.Axes.Add(new LinearAxis { Position = AxisPosition.Bottom, Minimum = 0, Maximum = 100, Title = "percent of the time", TitleFontSize = 12 });
        foreach (TimeKind kind in TimeSplit.Kinds.Where(kind => split[kind] >= 0.0005).OrderByDescending(kind => split[kind]))
        {
            BarSeries part = new()
            {
                IsStacked = true,
                FillColor = ColorOf(kind),
                StrokeThickness = 0,
            };
            part.Items.Add(new BarItem(split[kind] * 100));
            chart.Series.Add(part);
        }

        return chart;
    }

    /// <summary>Items a second over the number of workers: what was measured, the law fitted to it, and what is recommended.</summary>
    public static PlotModel Throughput(Findings findings, Advice advice)
    {
        PlotModel chart = Chart();
        int widest = Math.Max(advice.ThrottleLimit, findings.Trials.Select(trial => trial.Width).DefaultIfEmpty(1).Max());
        double shown = Math.Max(4, Math.Ceiling(widest * 1.1));
        chart.Axes.Add(new LinearAxis
        {
            Position = AxisPosition.Bottom, Title = "workers", Minimum = 0, Maximum = shown, MinimumMajorStep = 1, MajorGridlineStyle = LineStyle.Solid, MajorGridlineColor = _grid,
        });
        chart.Axes.Add(new LinearAxis
        {
            Position = AxisPosition.Left, Minimum = 0, MaximumPadding = 0.12, MajorGridlineStyle = LineStyle.Solid, MajorGridlineColor = _grid,
        });
        AddWay(chart, findings, Recommendation.Threads, advice.ThreadModel, _threads, shown);
        AddWay(chart, findings, Recommendation.Processes, advice.ProcessModel, _processes, shown);
        chart.Annotations.Add(new PointAnnotation
        {
            X = advice.ThrottleLimit,
            Y = findings.SequentialRate * advice.ExpectedSpeedup,
            Shape = MarkerType.Diamond,
            Size = 9,
            Fill = OxyColor.FromRgb(0x2c, 0xa0, 0x2c),
            Text = "recommended",
            TextVerticalAlignment = VerticalAlignment.Bottom,
        });
        return chart;
    }

    public static PlotModel TimeLine(Findings findings)
    {
        PlotModel chart = Chart();
        SampledItem[] items = [.. findings.Items.Take(MostItems)];
        int[] workers = [.. items.Select(item => item.Worker).Distinct().Order()];
        chart.Axes.Add(new CategoryAxis
        {
            Position = AxisPosition.Left, StartPosition = 1, EndPosition = 0, Title = "worker", ItemsSource = workers.Select(_ => string.Empty).ToArray(), TickStyle = TickStyle.None, GapWidth = 0.15,
        });
        chart.Axes.Add(new LinearAxis { Position = AxisPosition.Bottom, Title = "seconds", Minimum = 0, MajorGridlineStyle = LineStyle.Solid, MajorGridlineColor = _grid });
        IntervalBarSeries bars = new() { LabelFormatString = null, StrokeThickness = 0.3, StrokeColor = OxyColors.White, BarWidth = 0.8 };
        foreach (SampledItem item in items)
        {
            bars.Items.Add(new IntervalBarItem
            {
                Start = Seconds(item.Start),
                End = Seconds(item.End),
                CategoryIndex = Array.BinarySearch(workers, item.Worker),
                Color = item.Status == ItemStatus.Succeeded ? _threads : _failed,
            });
        }

        chart.Series.Add(bars);
        return chart;

        double Seconds(long ticks) => (double)(ticks - findings.Origin) / System.Diagnostics.Stopwatch.Frequency;
    }

    private static void AddWay(PlotModel chart, Findings findings, Recommendation way, ScalabilityModel? model, OxyColor color, double shown)
    {
        ScatterSeries points = new() { MarkerType = MarkerType.Circle, MarkerFill = color, MarkerSize = 5 };
        if (way == Recommendation.Threads)
        {
            points.Points.Add(new ScatterPoint(1, findings.SequentialRate));
        }

        foreach (BenchmarkPoint trial in findings.Trials.Where(trial => trial.Way == way && trial.Throughput is not null))
        {
            points.Points.Add(new ScatterPoint(trial.Width, trial.Throughput!.Value));
        }

        if (points.Points.Count == 0)
        {
            return;
        }

        if (model is not null)
        {
            LineSeries line = new() { Color = color, StrokeThickness = 1.5 };
            for (double width = 1; width <= shown; width += shown / 100)
            {
                line.Points.Add(new DataPoint(width, model.Throughput(width)));
            }

            chart.Series.Add(line);
        }

        chart.Series.Add(points);
    }

    private static PlotModel Chart() => new() { DefaultFont = "Arial", PlotAreaBorderColor = _grid, Background = OxyColors.White };

    public static string NameOf(TimeKind kind) => kind switch
    {
        TimeKind.Cpu => "CPU",
        TimeKind.RunQueue => "run queue",
        TimeKind.Lock => "lock",
        TimeKind.GarbageCollection => "garbage collection",
        TimeKind.Disk => "disk",
        TimeKind.ChildProcess => "child process",
        _ => "other waiting",
    };

    public static string HtmlColorOf(TimeKind kind) => ColorOf(kind) is var color ? string.Create(CultureInfo.InvariantCulture, $"#{color.R:x2}{color.G:x2}{color.B:x2}") : string.Empty;

    private static OxyColor ColorOf(TimeKind kind) => kind switch
    {
        TimeKind.Cpu => OxyColor.FromRgb(0x2c, 0xa0, 0x2c),
        TimeKind.RunQueue => OxyColor.FromRgb(0x9a, 0xa3, 0xae),
        TimeKind.Lock => OxyColor.FromRgb(0xd6, 0x27, 0x28),
        TimeKind.GarbageCollection => OxyColor.FromRgb(0x94, 0x67, 0xbd),
        TimeKind.Disk => OxyColor.FromRgb(0xe6, 0xb4, 0x22),
        TimeKind.ChildProcess => OxyColor.FromRgb(0x1f, 0x77, 0xb4),
        _ => OxyColor.FromRgb(0x8f, 0xd3, 0xe8),
    };
}
