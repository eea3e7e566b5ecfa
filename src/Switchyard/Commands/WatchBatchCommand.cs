using Switchyard.Control;
using Switchyard.Core.Control;
using Switchyard.Core.Telemetry;
using Switchyard.Measuring;
using Switchyard.Parameters;

namespace Switchyard.Commands;

/// <summary>Shows batches while they run: on a screen of its own with keys to steer them, or in lines where there is no terminal.</summary>
[Cmdlet(VerbsCommon.Watch, "Batch")]
[OutputType(typeof(string))]
public sealed class WatchBatchCommand : PSCmdlet, IDisposable
{
    private const double ScreenSeconds = 0.25;
    private const double TextSeconds = 1;

    private static readonly IsolatedAssembly _assembly = new("Switchyard.Terminal");

    private readonly CancellationTokenSource _stop = new();
    private readonly List<string> _ids = [];

    private delegate void Screen(
        Func<IReadOnlyList<BatchStatus>> look,
        Func<BatchStatus, ControlAction, long, (BatchStatus? After, string? Failure)> ask,
        bool hasColours,
        TimeSpan interval,
        CancellationToken stop);

    /// <summary>The ids of those that are meant; all that run if not given.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(BatchIdCompleter))]
    public string[]? Id { get; set; }

    /// <summary>How many seconds pass until they are looked at again.</summary>
    [Parameter]
    [ValidateRange(0.05, 86_400)]
    public double IntervalSeconds { get; set; }

    /// <summary>Writes lines, also where there is a terminal.</summary>
    [Parameter]
    public SwitchParameter AsText { get; set; }

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    /// <inheritdoc/>
    protected override void ProcessRecord() => _ids.AddRange(Id ?? []);

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        // What a pattern means is decided once: a batch that begins later is another. Without one all are shown that there are.
        string[]? ids = _ids.Count > 0 ? [.. _ids] : null;
        IReadOnlyList<BatchStatus> first = new BatchFinder(this).Find(ids);
        if (first.Count == 0)
        {
            if (ids is null)
            {
                WriteWarning(Messages.NoBatchRuns);
            }

            return;
        }

        HashSet<string>? meant = ids is null ? null : [.. first.Select(batch => batch.Id)];
        IReadOnlyList<BatchStatus> Look() => [.. BatchHub.All.List(process: null).Where(batch => meant?.Contains(batch.Id) != false)];
        bool isText = AsText || !HasTerminal();
        TimeSpan interval = TimeSpan.FromSeconds(IntervalSeconds > 0 ? IntervalSeconds : isText ? TextSeconds : ScreenSeconds);
        if (isText)
        {
            WriteLines(Look, interval);
        }
        else
        {
            _assembly.Bind<Screen>("Switchyard.Terminal.BatchScreen", "Run")(Look, Ask, HasColours(), interval, _stop.Token);
        }
    }

    /// <inheritdoc/>
    protected override void StopProcessing() => _stop.Cancel();

    private static (BatchStatus? After, string? Failure) Ask(BatchStatus batch, ControlAction action, long value)
    {
        (BatchStatus? after, ErrorRecord? error) = BatchFinder.TryAsk(batch, action, value);
        return (after, error?.Exception.Message);
    }

    private static string Line(BatchStatus batch)
    {
        RunProgress progress = new(batch.Read, batch.Done, batch.Failed, batch.Running, batch.Waiting, batch.Elapsed, batch.Total);
        string text = ProgressText.Status(progress, batch.Rate, CultureInfo.CurrentCulture);
        text = batch.TimeLeftText.Length > 0 ? $"{text}, {batch.TimeLeftText}" : text;
        return MessageText.Format(Messages.BatchLine, Now(), batch.Id, batch.State, text);
    }

    private static string Now() => DateTime.Now.ToString("T", CultureInfo.CurrentCulture);

    private void WriteLines(Func<IReadOnlyList<BatchStatus>> look, TimeSpan interval)
    {
        HashSet<string> shown = [];
        do
        {
            IReadOnlyList<BatchStatus> batches = look();
            foreach (string ended in shown.Except(batches.Select(batch => batch.Id)).ToArray())
            {
                shown.Remove(ended);
                WriteObject(MessageText.Format(Messages.BatchLineEnded, Now(), ended));
            }

            foreach (BatchStatus batch in batches)
            {
                shown.Add(batch.Id);
                WriteObject(Line(batch));
            }
        }
        while (shown.Count > 0 && !_stop.Token.WaitHandle.WaitOne(interval));
    }

    // Only a console is known to be a terminal, and one that is read or written by another program is none.
    private bool HasTerminal() =>
        Host.Name == "ConsoleHost"
        && !Console.IsOutputRedirected
        && !Console.IsInputRedirected
        && Host.UI.SupportsVirtualTerminal
        && System.Environment.GetEnvironmentVariable("TERM") != "dumb"
        && MyInvocation.PipelinePosition == MyInvocation.PipelineLength;

    private static bool HasColours() => string.IsNullOrEmpty(System.Environment.GetEnvironmentVariable("NO_COLOR"));
}
