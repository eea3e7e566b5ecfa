using System.Collections;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Management.Automation;
using Switchyard.Commands;
using Switchyard.Core.Analysis;
using Switchyard.Core.Items;
using Switchyard.Core.Probes;
using Switchyard.Core.Trials;
using Switchyard.Errors;
using Switchyard.Executables;
using Switchyard.Parameters;
using Switchyard.ProcessWorkers;
using Switchyard.Runspaces;
using Switchyard.Streams;

namespace Switchyard.Measuring;

/// <summary>
/// One measurement between a pipeline that feeds it and the thread that measures. What items write, and what is being done, comes back to
/// the pipeline's thread.
/// </summary>
internal sealed class BottleneckMeasurement : IDisposable
{
    /// <summary>The most workers that are recommended if nobody says otherwise.</summary>
    public const int DefaultMost = 64;

    private const int ReadAhead = 10_000;

    // One for each size that may be tried.
    private const int ProcessTrials = 5;

    private readonly MeasureBottleneckCommand _command;
    private readonly ItemSupply _supply = new(ReadAhead);
    private readonly CancellationTokenSource _stop = new();
    private readonly BlockingCollection<Action> _toWrite = [];
    private readonly PipelineWriter _writer;
    private readonly BatchWork _work;
    private readonly MeterOptions _options;
    private readonly Queue<IWorkerFactory> _processes = new();
    private readonly string? _whyNoProcesses;
    private readonly string? _reportFile;
    private Thread? _thread;
    private Findings? _findings;
    private Exception? _failure;
    private readonly List<ItemResult> _failed = [];

    /// <summary>Gets ready.</summary>
    /// <param name="command">What measures.</param>
    /// <exception cref="BatchException">The parameters do not go together, or name what is not there.</exception>
    public BottleneckMeasurement(MeasureBottleneckCommand command)
    {
        _command = command;
        _writer = new PipelineWriter(command, itemTimeoutSeconds: 0);
        _reportFile = command.ReportPath is { } path ? ReportFile.Resolve(path, command.SessionState) : null;
        MeterOptions options = new()
        {
            Threads = null!,
            SampleCount = command.IsGiven(nameof(command.SampleCount)) ? command.SampleCount : null,
            MaxDuration = TimeSpan.FromSeconds(command.MaxDurationSeconds),
            MaxWidth = Most,
            Validates = command.Validate,
            Records = record => _toWrite.Add(() => _writer.Write(record)),
            Results = TakeResult,
            Doing = text => _toWrite.Add(() => WriteProgress(text, ProgressRecordType.Processing)),
        };
        if (!command.RunsScriptBlock)
        {
            ExecutableWork work = new(command, command.SessionState);
            _work = work;
            _options = options with { Threads = work.CreateWorkers, IsExecutable = true };
            return;
        }

        SessionSettings settings = command.CreateSettings();
        SharedBody body = new(command.ScriptBlock, command.ArgumentList ?? []);
        SharedBody nothing = new(ScriptBlock.Create(string.Empty), []);
        SessionSettings plain = settings with { Initialization = null, Modules = [], Cloned = null, UsingValues = null };
        _whyNoProcesses = PrepareProcesses(settings);
        _work = new ScriptBlockWork(command.ScriptBlock, NoWorkers.Instance, 1, sendsItems: _whyNoProcesses is null);
        _options = options with
        {
            Threads = () => new RunspaceWorkerFactory(body, settings, isFresh: false, honoursRetryAfter: false),
            Empty = () => new RunspaceWorkerFactory(nothing, plain, isFresh: false, honoursRetryAfter: false),
            Processes = _whyNoProcesses is null ? _processes.Dequeue : null,
        };
    }

    /// <summary>Whether it has begun.</summary>
    public bool IsStarted => _thread is not null;

    private int Most => _command.ThrottleLimit > 0 ? _command.ThrottleLimit : DefaultMost;

    /// <summary>What is done with an item, for <c>-WhatIf</c>.</summary>
    /// <param name="item">The item.</param>
    /// <returns>A phrase.</returns>
    public string ActionFor(object? item) => _work.ActionFor(item);

    /// <summary>Takes an item.</summary>
    /// <param name="item">The item.</param>
    /// <returns>False if no more are wanted.</returns>
    public bool Add(object? item)
    {
        if (_thread is null)
        {
            string pipeline = HelperThreads.CurrentId;
            _thread = new Thread(() => Measure(pipeline)) { IsBackground = true, Name = "Switchyard measuring" };
            _thread.Start();
        }

        WriteReady();
        return _supply.Add(_work.Prepare(item));
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

        if (_stop.IsCancellationRequested)
        {
            return null;
        }

        return _findings is null ? throw WhyNothing() : Report(_findings);
    }

    /// <summary>Ends it from another thread.</summary>
    public void Stop()
    {
        _stop.Cancel();
        _supply.Close();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Stop();
        _thread?.Join();
        while (_processes.TryDequeue(out IWorkerFactory? unused))
        {
            (unused as IDisposable)?.Dispose();
        }

        _toWrite.Dispose();
        _stop.Dispose();
    }

    private void Measure(string pipelineThread)
    {
        try
        {
            _findings = BottleneckMeter.Measure(_options, _supply, [pipelineThread], _stop.Token);
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
        if (result.Status != ItemStatus.Succeeded)
        {
            _failed.Add(result);
        }

        bool passes = _command.PassThru;
        if (passes || result.Errors.Count > 0)
        {
            _toWrite.Add(() => WriteResult(result, passes));
        }
    }

    private void WriteResult(ItemResult result, bool passes)
    {
        foreach (object? output in passes ? result.Output : [])
        {
            _writer.Write(new ItemRecord(result.Index, RecordKind.Output, output));
        }

        foreach (object error in result.Errors)
        {
            _writer.Write(new ItemRecord(result.Index, RecordKind.Error, error));
        }
    }

    private void WriteReady()
    {
        while (_toWrite.TryTake(out Action? write))
        {
            write();
        }
    }

    private void WriteProgress(string text, ProgressRecordType type)
    {
        if (_command.ShowsProgress)
        {
            _command.WriteProgress(new ProgressRecord(0, _command.Activity, text) { RecordType = type });
        }
    }

    private BatchException WhyNothing()
    {
        ItemResult[] failed = [.. _failed.Where(result => result.Status == ItemStatus.Failed)];
        return failed.Length > 0
            ? MeasuringErrors.AllItemsFailed(failed.Length, failed[0].Errors.OfType<ErrorRecord>().FirstOrDefault())
            : MeasuringErrors.NoItemFinished(_command.MaxDurationSeconds);
    }

    private BottleneckReport Report(Findings findings)
    {
        long? left = _command.ExpectedTotal is { } total ? Math.Max(0, total - findings.UsedCount) : null;
        Advice advice = ExecutionAdvisor.Advise(findings, Most, left, _command.RunsScriptBlock ? _whyNoProcesses : null);
        SuggestedCommand command = SuggestedCommand.Create(_command, advice, ExecutionAdvisor.IsTooSmall(findings));
        BottleneckReport report = new(findings, advice, command);
        WritePage(findings, advice, report);
        return report;
    }

    private void WritePage(Findings findings, Advice advice, BottleneckReport report)
    {
        try
        {
            if (_reportFile is not null)
            {
                ReportFile.Write(_reportFile, findings, advice, report);
            }
        }
        catch (BatchException exception)
        {
            // What was measured is not lost for that.
            _command.WriteError(exception.Record);
        }
    }

    /// <summary>Prepares what would run in processes, on this thread, as it looks at the caller's session.</summary>
    /// <returns>Why that is no choice; null if it is one.</returns>
    private string? PrepareProcesses(SessionSettings settings)
    {
        IEnumerable<KeyValuePair<string, object?>> given =
        [
            .. (settings.UsingValues ?? []).Cast<DictionaryEntry>().Select(entry => KeyValuePair.Create(UsingValues.TextOf((string)entry.Key), entry.Value)),
            .. settings.Variables.Select(variable => KeyValuePair.Create("$" + variable.Key, variable.Value)),
            .. (_command.ArgumentList ?? []).Select((value, i) => KeyValuePair.Create($"-ArgumentList[{i}]", value)),
        ];
        if (SharedObjects.Find(given) is { } shared)
        {
            return MessageText.Format(Messages.ProcessesShareNothing, shared.Name, shared.Type.Name);
        }

        try
        {
            for (int i = _command.Validate ? ProcessTrials : 1; i > 0; i--)
            {
                _processes.Enqueue(ProcessWork.CreateWorkers(_command, _command.SessionState, settings, new ProcessWorkOptions { NeedsTimes = true }));
            }

            return null;
        }
        catch (BatchException exception)
        {
            // No choice, but threads are one.
            Debug.WriteLine(exception);
            return exception.Record.ToString();
        }
    }

    private sealed class NoWorkers : IWorkerFactory
    {
        public static readonly NoWorkers Instance = new();

        public TimeSpan OpenCost => TimeSpan.Zero;

        public IBatchWorker Create(int number) => throw new InvalidOperationException("Only what is done is wanted of it.");
    }
}
