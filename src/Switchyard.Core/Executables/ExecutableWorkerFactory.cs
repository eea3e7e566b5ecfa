using Switchyard.Core.Items;
using Switchyard.Core.Policies;
using Switchyard.Core.Processes;

namespace Switchyard.Core.Executables;

/// <summary>Makes the workers of a run of executables.</summary>
public sealed class ExecutableWorkerFactory : IWorkerFactory, IDisposable
{
    // A thread and a pipe.
    private static readonly TimeSpan _openCost = TimeSpan.FromMilliseconds(0.1);

    // For the kernel to take a killed tree apart, on a machine that has hundreds of them to end.
    private static readonly TimeSpan _afterKill = TimeSpan.FromSeconds(1);

    private readonly ExecutableOptions _options;
    private readonly IExecutableCalls _calls;
    private readonly ChildFamily _family;
    private readonly CrashLoopDetector _crashLoop = new();

    /// <summary>Creates the factory of a run.</summary>
    /// <param name="options">How executables are started, fed, read and ended.</param>
    /// <param name="calls">The caller's side.</param>
    public ExecutableWorkerFactory(ExecutableOptions options, IExecutableCalls calls)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(calls);
        _options = options;
        _calls = calls;
        _family = new ChildFamily(options.Grace);
    }

    /// <inheritdoc/>
    public TimeSpan OpenCost => _openCost;

    /// <inheritdoc/>
    public bool RunsElsewhere => true;

    /// <inheritdoc/>
    public TimeSpan StopGracePeriod =>
        (_options.Grace > _options.StopGrace ? _options.Grace : _options.StopGrace) + _afterKill;

    /// <inheritdoc/>
    public IBatchWorker Create(int number) => _options.InputMode == InputMode.Line
        ? new LineWorker(_options, _calls, _family, _crashLoop, number)
        : new ExecutableWorker(_options, _calls, _family, number);

    /// <summary>Says that the run is over: no child is left.</summary>
    public void Dispose() => _family.Dispose();
}
