using System.Collections.Concurrent;
using Switchyard.Core.Analysis;
using Switchyard.Core.Analysis.Machines;
using Switchyard.Core.Probes;
using Switchyard.Core.Trials;
using Switchyard.Errors;
using Switchyard.ProcessWorkers.Hosts;
using Switchyard.Results;
using Switchyard.Streams;

namespace Switchyard.Measuring;

/// <summary>
/// One measurement, between the pipeline that its items come from and the thread that measures. What items write, and progress, comes back
/// to the pipeline's thread.
/// </summary>
internal sealed class BottleneckMeasurement : IDisposable
{
    private const int ReadAhead = 10_000;

    private readonly PSCmdlet _cmdlet;
    private readonly MeasuredWork _work;
    private readonly MeasurementOptions _options;
    private readonly MeterOptions _meter;
    private readonly ItemSupply _supply = new(ReadAhead);
    private readonly CancellationTokenSource _stop = new();
    private readonly BlockingCollection<Action> _toWrite = [];
    private readonly PipelineWriter _writer;
    private readonly List<ItemResult> _failed = [];
    private readonly TrafficSample _traffic;
    private Thread? _thread;
    private Findings? _findings;
    private Exception? _failure;

    public BottleneckMeasurement(PSCmdlet cmdlet, MeasuredWork work, MeasurementOptions options)
    {
        _cmdlet = cmdlet;
        _work = work;
        _options = options;
        _writer = new PipelineWriter(cmdlet, itemTimeoutSeconds: 0);
        _traffic = new TrafficSample();
        _meter = work.CreateOptions() with
        {
            ReadsFiles = _traffic.ReadsFiles,
            IsTied = () => work.WhyHere(_traffic.Items) is not null,
            SampleCount = options.SampleCount,
            MaxDuration = options.MaxDuration,
            MaxWidth = options.MaxThrottleLimit,
            Validates = options.Validates,
            Records = record => _toWrite.Add(() => _writer.Write(record)),
            Results = TakeResult,
            Doing = text => _toWrite.Add(() => WriteProgress(text, ProgressRecordType.Processing)),
        };
    }

    public bool IsStarted => _thread is not null;

    /// <summary>What is done with an item, for <c>-WhatIf</c>.</summary>
    public string ActionFor(object? item) => _work.Work.ActionFor(item);

    /// <summary>Takes an item.</summary>
    /// <returns>False if no more are wanted.</returns>
    public bool Add(object? item)
    {
        if (_thread is null)
        {
            string pipeline = HelperThreads.CurrentId;
            _thread = new Thread(() => Measure(pipeline)) { IsBackground = true, Name = "Switchyard measuring" };
            _thread.Start();
        }

        while (_toWrite.TryTake(out Action? write))
        {
            write();
        }

        return _supply.Add(_work.Work.Prepare(item));
    }

    /// <summary>There are no more items, or no more are wanted: waits for the end.</summary>
    /// <returns>The report; null if it was stopped.</returns>
    /// <exception cref="BatchException">Nothing can be said.</exception>
    public BottleneckReport? Finish()
    {
        _supply.End();
        if (_thread is null)
        {
            throw MeasuringErrors.NoItemsToMeasure();
        }

        foreach (Action write in _toWrite.GetConsumingEnumerable())
        {
            write();
        }

        _thread.Join();
        WriteProgress(" ", ProgressRecordType.Completed);
        if (_failure is not null)
        {
            throw _failure is WorkerStartException { Subject: ErrorRecord record } ? new BatchException(record) : _failure;
        }

        return _stop.IsCancellationRequested ? null : Report(_findings ?? throw WhyNothing());
    }

    /// <summary>Ends it from another thread.</summary>
    public void Stop()
    {
        _stop.Cancel();
        _supply.Close();
    }

    public void Dispose()
    {
        Stop();
        _thread?.Join();
        _work.Dispose();
        _toWrite.Dispose();
        _stop.Dispose();
    }

    private void Measure(string pipelineThread)
    {
        try
        {
            _findings = BottleneckMeter.Measure(_meter, _supply, [pipelineThread], _stop.Token);
        }
        catch (Exception exception)
        {
            // Thrown where it can be: on the pipeline's thread.
            _failure = exception;
            _supply.Close();
        }
        finally
        {
            _toWrite.CompleteAdding();
        }
    }

    private void TakeResult(ItemResult result)
    {
        lock (_failed)
        {
            if (result.Status != ItemStatus.Succeeded)
            {
                _failed.Add(result);
            }
            else
            {
                _traffic.Note(result);
            }
        }

        if (_options.PassesThru || result.Errors.Count > 0)
        {
            _toWrite.Add(() => WriteResult(result));
        }
    }

    private void WriteResult(ItemResult result)
    {
        foreach (object? output in _options.PassesThru ? result.Output : [])
        {
            _writer.Write(new ItemRecord(result.Index, RecordKind.Output, output));
        }

        foreach (object error in result.Errors)
        {
            _writer.Write(new ItemRecord(result.Index, RecordKind.Error, error));
        }
    }

    private void WriteProgress(string text, ProgressRecordType type)
    {
        if (_options.ShowsProgress)
        {
            _cmdlet.WriteProgress(new ProgressRecord(0, _cmdlet.MyInvocation.MyCommand.Name, text) { RecordType = type });
        }
    }

    private BatchException WhyNothing()
    {
        ItemResult[] failed = [.. _failed.Where(result => result.Status == ItemStatus.Failed)];
        return failed.Length > 0
            ? MeasuringErrors.AllItemsFailed(failed.Length, failed[0].Errors.OfType<ErrorRecord>().FirstOrDefault())
            : MeasuringErrors.NoItemFinished(_options.MaxDuration.TotalSeconds);
    }

    private FarCommand? FarCommand(MachinesAdvice machines, Findings findings)
    {
        string[] names = [.. machines.Hosts.Where(host => host.Pays).Select(host => host.Host.Name)];
        if (!machines.Pays || names.Length == 0 || _work.Hosts is not { } hosts)
        {
            return null;
        }

        // This machine is one of them, if it can be named so.
        object[] values = hosts.ValuesOf(names);
        bool namesThis = hosts.NamesThisMachine && !findings.Hosts.Any(host => host.IsHere);
        return new FarCommand(namesThis ? [.. values, HostAddress.Here] : values, _traffic.ReadsFiles(findings));
    }

    private BottleneckReport Report(Findings findings)
    {
        long? left = _options.TotalCount is { } total ? Math.Max(0, total - findings.UsedCount) : null;
        Advice advice = ExecutionAdvisor.Advise(findings, _options.MaxThrottleLimit, left, _work.WhyNoProcesses);
        foreach (HostFailure failure in findings.FailedHosts)
        {
            _cmdlet.WriteWarning(failure.Message);
        }

        ItemTraffic? traffic = _traffic.Measure(findings);
        MachinesAdvice machines = OtherMachines.Judge(findings, advice, traffic, _work.WhyHere(_traffic.Items), _options.MaxThrottleLimit, left);
        machines = OtherMachines.Choose(machines, findings, advice, traffic, left);
        advice = OtherMachines.Join(advice, machines, findings, traffic);
        advice = advice with { Evidence = [.. advice.Evidence, .. HostEvidence.Tell(machines)] };
        SuggestedCommand command = new CommandSuggester(_cmdlet.MyInvocation, FarCommand(machines, findings)).Suggest(advice, ExecutionAdvisor.IsTooSmall(findings));
        BottleneckReport report = new(findings, advice, command, machines, traffic);
        try
        {
            if (_options.ReportFile is { } file)
            {
                ReportFile.Write(file, findings, advice, report);
            }
        }
        catch (BatchException exception)
        {
            // What was measured is not lost for that.
            _cmdlet.WriteError(exception.Record);
        }

        return report;
    }
}
