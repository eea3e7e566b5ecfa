using Switchyard.Core.Policies;
using Switchyard.Core.Processes;

namespace Switchyard.Core.Executables;

/// <summary>Makes the workers of a run of executables.</summary>
internal sealed class ExecutableWorkerFactory(ExecutableOptions options, IExecutableCalls calls) : IWorkerFactory, IDisposable
{
    // A thread and a pipe.
    private static readonly TimeSpan _openCost = TimeSpan.FromMilliseconds(0.1);

    // For the kernel to take a killed tree apart, on a machine that has hundreds of them to end.
    private static readonly TimeSpan _afterKill = TimeSpan.FromSeconds(1);

    private readonly ExecutableOptions _options = options;
    private readonly IExecutableCalls _calls = calls;
    private readonly ChildFamily _family = new ChildFamily(options.Grace);
    private readonly CrashLoopDetector _crashLoop = new();

    public TimeSpan OpenCost => _openCost;

    // A wake-up pipe, the child's streams and its exit, the item's files; a thread, the child, and one that it starts itself.
    public WorkerNeeds Needs => new(Files: _options.OutputFolder is null ? 7 : 9, Tasks: 3);

    public bool RunsElsewhere => true;

    public bool HasLastWords => true;

    public TimeSpan StopGracePeriod =>
        (_options.Grace > _options.StopGrace ? _options.Grace : _options.StopGrace) + _afterKill;

    public IBatchWorker Create(int number) => _options.InputMode == InputMode.Line
        ? new LineWorker(_options, _calls, _family, _crashLoop, number)
        : new ExecutableWorker(_options, _calls, _family, number);

    /// <summary>Says that the run is over: no child is left.</summary>
    public void Dispose() => _family.Dispose();
}
