using System.ComponentModel;
using Switchyard.Core.Analysis;
using Switchyard.Core.Probes;
using Switchyard.Core.Trials;
using Switchyard.Errors;
using Switchyard.Parameters;
using Switchyard.Results;

namespace Switchyard.Measuring;

/// <summary>Watches a process that runs, and says what holds it up.</summary>
internal static class LiveProcess
{
    private static readonly IsolatedAssembly _assembly = new("Switchyard.Diagnostics");

    private delegate RuntimeFigures? Listener(int processId, TimeSpan duration, CancellationToken cancellation);

    /// <summary>Watches a process.</summary>
    /// <returns>The report; null if it was ended.</returns>
    /// <exception cref="BatchException">There is no such process, it is another user's, or it ended too soon.</exception>
    public static BottleneckReport? Measure(int id, TimeSpan duration, int most, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        (string name, string? file) = Identify(id);
        int cores = Environment.ProcessorCount;
        double capacity = MachineCapacity.Measure();
        using CancellationTokenSource listening = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Listener listen = _assembly.Bind<Listener>("Switchyard.Diagnostics.RuntimeEvents", "Listen");
        Task<RuntimeFigures?> runtime = Task.Factory.StartNew(
            () => listen(id, duration, listening.Token),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        WatchedProcess? watched;
        try
        {
            watched = ProcessWatch.Watch(ProcessProbe.For(id), duration, cancellation);
        }
        catch (UnauthorizedAccessException exception)
        {
            listening.Cancel();
            runtime.Wait(CancellationToken.None);
            throw MeasuringErrors.ProcessNotReadable(id, name, exception);
        }

        RuntimeFigures? figures = runtime.GetAwaiter().GetResult();
        if (cancellation.IsCancellationRequested)
        {
            return null;
        }

        if (watched is null)
        {
            throw MeasuringErrors.ProcessEnded(id, name);
        }

        Advice advice = ProcessAdvisor.Advise(watched with { Runtime = figures }, cores, capacity, most);
        return new BottleneckReport(id, name, Stopwatch.GetElapsedTime(start), advice, Suggest(advice, file ?? name));
    }

    private static (string Name, string? File) Identify(int id)
    {
        // What Unix takes for groups of processes.
        if (id <= 0 && !OperatingSystem.IsWindows())
        {
            throw MeasuringErrors.ProcessNotFound(id);
        }

        try
        {
            using Process process = Process.GetProcessById(id);
            return (process.ProcessName, FileOf(process));
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            throw MeasuringErrors.ProcessNotFound(id);
        }
        catch (Win32Exception exception)
        {
            throw MeasuringErrors.ProcessNotReadable(id, "?", exception);
        }
    }

    private static string? FileOf(Process process)
    {
        try
        {
            return process.MainModule?.FileName;
        }
        catch (Exception exception) when (exception is Win32Exception or InvalidOperationException or NotSupportedException or IOException or UnauthorizedAccessException)
        {
            // Another user's, the system's, or gone: its name has to do.
            Debug.WriteLine(exception);
            return null;
        }
    }

    private static SuggestedCommand Suggest(Advice advice, string file)
    {
        string name = CommandSuggester.BatchFor(advice);
        Hashtable parameters = new(StringComparer.OrdinalIgnoreCase) { ["FilePath"] = file, ["ThrottleLimit"] = advice.ThrottleLimit };
        return new SuggestedCommand(
            name, parameters, string.Create(CultureInfo.InvariantCulture, $"$items | {name} -FilePath {PowerShellText.Quote(file)} -ThrottleLimit {advice.ThrottleLimit}"));
    }
}
