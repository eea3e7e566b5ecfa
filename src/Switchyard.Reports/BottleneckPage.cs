using System.Globalization;
using System.Net;
using System.Text;
using OxyPlot;
using Switchyard.Core.Analysis;

namespace Switchyard.Reports;

/// <summary>A measurement as one page that needs nothing but itself: what to do, why, and three charts.</summary>
internal static class BottleneckPage
{
    private const string Style = """
        :root { color-scheme: light; font: 16px/1.5 system-ui, sans-serif; color: #1c2430; background: #fff; }
        body { max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
        h1 { font-size: 1.6rem; margin: 0 0 .3rem; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
        .advised { font-size: 1.15rem; margin: 0 0 1rem; }
        pre { background: #f3f5f8; padding: .8rem 1rem; overflow-x: auto; border-radius: .4rem; white-space: pre-wrap; overflow-wrap: anywhere; }
        table { border-collapse: collapse; } th, td { padding: .2rem 1rem .2rem 0; text-align: left; font-weight: normal; vertical-align: top; }
        th { color: #5b6675; } td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
        .key span { margin-right: 1.2rem; white-space: nowrap; } .key i { display: inline-block; width: .8em; height: .8em; margin-right: .4em; }
        figure { margin: 0; } figcaption { color: #5b6675; font-size: .9rem; } svg { max-width: 100%; height: auto; }
        """;

    /// <summary>Draws a measurement.</summary>
    /// <param name="facts">Name and value of what stands in the table, as it is to be read.</param>
    public static string Render(Findings findings, Advice advice, IReadOnlyList<KeyValuePair<string, string>> facts, string command)
    {
        string advised = advice.Recommendation == Recommendation.Sequential
            ? "One item after another: nothing would be gained by more at a time."
            : string.Create(CultureInfo.InvariantCulture, $"{advice.Recommendation}, {advice.ThrottleLimit} at a time: {advice.ExpectedSpeedup:0.##} times one after another.");
        StringBuilder page = new();
        page.Append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">")
            .Append("<title>Bottleneck: ").Append(advice.Bottleneck).Append("</title><style>").Append(Style).Append("</style></head><body>\n")
            .Append("<h1>Bottleneck: ").Append(advice.Bottleneck).Append("</h1>\n<p class=\"advised\">").Append(Encode(advised)).Append("</p>\n<pre>")
            .Append(Encode(command)).Append("</pre>\n");
        Figure(page, "Where an item's time goes", BottleneckCharts.Split(advice.Split), 90, null);
        page.Append("<p class=\"key\">");
        foreach (TimeKind kind in TimeSplit.Kinds.Where(kind => advice.Split[kind] >= 0.0005).OrderByDescending(kind => advice.Split[kind]))
        {
            page.Append("<span><i style=\"background:").Append(BottleneckCharts.HtmlColorOf(kind)).Append("\"></i>")
                .Append(Encode(BottleneckCharts.NameOf(kind))).Append(CultureInfo.InvariantCulture, $" {advice.Split[kind] * 100:0.#} %</span> ");
        }

        page.Append("</p>\n");
        page.Append("<h2>Why</h2>\n<ul>");
        foreach (string sentence in advice.Evidence)
        {
            page.Append("<li>").Append(Encode(sentence)).Append("</li>\n");
        }

        page.Append("</ul>\n<h2>In figures</h2>\n<table>");
        foreach ((string name, string value) in facts)
        {
            page.Append("<tr><th scope=\"row\">").Append(Encode(name)).Append("</th><td>").Append(Encode(value)).Append("</td></tr>\n");
        }

        page.Append("</table>\n");
        Figure(
            page,
            "Items a second by number of workers",
            BottleneckCharts.Throughput(findings, advice),
            360,
            "Points were measured, lines are the Universal Scalability Law fitted to them, the diamond is what is recommended.");
        page.Append("<p class=\"key\"><span><i style=\"background:").Append(BottleneckCharts.ThreadColor).Append("\"></i>threads</span> <span><i style=\"background:")
            .Append(BottleneckCharts.ProcessColor).Append("\"></i>processes</span></p>\n");
        Figure(page, "The sampled items", BottleneckCharts.TimeLine(findings), TimeLineHeight(findings), "A bar is an item, a row a worker; red ones failed.");
        return page.Append("</body></html>\n").ToString();
    }

    private static int TimeLineHeight(Findings findings) => 110 + Math.Min(500, 12 * findings.Items.Select(item => item.Worker).Distinct().Count());

    private static void Figure(StringBuilder page, string title, PlotModel chart, int height, string? caption)
    {
        SvgExporter exporter = new() { Width = 960, Height = height, IsDocument = false };
        page.Append("<h2>").Append(Encode(title)).Append("</h2>\n<figure role=\"img\" aria-label=\"").Append(Encode(title)).Append("\">")
            .Append(WithOwnNames(exporter.ExportToString(chart), height));
        if (caption is not null)
        {
            page.Append("<figcaption>").Append(Encode(caption)).Append("</figcaption>");
        }

        page.Append("</figure>\n");
    }

    // What one chart names, another on the same page names, too: each would be clipped to the first one's frame.
    private static string WithOwnNames(string chart, int number) =>
        chart.Replace("clipPath", string.Create(CultureInfo.InvariantCulture, $"chart{number}-"), StringComparison.Ordinal)
            .Replace(string.Create(CultureInfo.InvariantCulture, $"<chart{number}- "), "<clipPath ", StringComparison.Ordinal)
            .Replace(string.Create(CultureInfo.InvariantCulture, $"</chart{number}->"), "</clipPath>", StringComparison.Ordinal);

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
