using Switchyard.Core.Analysis;
using Switchyard.Core.Files;
using Switchyard.Errors;
using Switchyard.Parameters;

namespace Switchyard.Measuring;

/// <summary>Writes a report as a page.</summary>
internal static class ReportFile
{
    private static readonly IsolatedAssembly _assembly = new("Switchyard.Reports");

    private delegate string Renderer(
        Findings findings, Advice advice, IReadOnlyList<KeyValuePair<string, string>> facts, string command);

    /// <summary>Finds out where a report is to go, before anything is measured for it.</summary>
    /// <exception cref="BatchException">There can be no file there.</exception>
    public static string Resolve(string path, SessionState session)
    {
        try
        {
            return OutputFile.Resolve(path, session);
        }
        catch (Exception exception) when (exception is IOException or NotSupportedException or RuntimeException)
        {
            throw MeasuringErrors.ReportNotWritten(path, exception);
        }
    }

    /// <summary>Writes the page.</summary>
    /// <exception cref="BatchException">It cannot be written.</exception>
    public static void Write(string file, Findings findings, Advice advice, BottleneckReport report)
    {
        Renderer render = _assembly.Bind<Renderer>("Switchyard.Reports.BottleneckPage", "Render");
        try
        {
            string page = render(findings, advice, Facts(report), report.Command);
            BusyFile.Use(() => File.WriteAllText(file, page));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw MeasuringErrors.ReportNotWritten(file, exception);
        }
    }

    private static List<KeyValuePair<string, string>> Facts(BottleneckReport report)
    {
        List<KeyValuePair<string, string>> facts =
        [
            Fact("Time per item", $"{Time(report.MeanTime)} on average, half at most {Time(report.MedianTime)}, 95 % at most {Time(report.P95Time)}"),
            Fact("Confidence", $"{report.Confidence * 100:0} %"),
            Fact("Items run", $"{report.SampledCount}, of which {report.FailedCount} failed, in {report.SamplingTime.TotalSeconds:0.0} s"),
        ];
        if (report.BreakEvenCount is { } count)
        {
            facts.Add(Fact("Pays from", $"{count:#,0} items on"));
        }

        if (report.MemoryPerWorkerMB is { } memory)
        {
            facts.Add(Fact("Memory of a worker", $"{memory:0.0} MB"));
        }

        if (report.OtherMachines is { } machines)
        {
            facts.Add(new KeyValuePair<string, string>("Other machines", machines));
        }

        return facts;
    }

    private static KeyValuePair<string, string> Fact(string name, FormattableString value) => new(name, value.ToString(CultureInfo.InvariantCulture));

    private static string Time(TimeSpan time) => time.TotalMilliseconds switch
    {
        < 1 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMicroseconds:0.0} us"),
        < 1000 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.00} ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.00} s"),
    };
}
