using Switchyard.Core.Processes;

namespace Switchyard.Core.Transports;

/// <summary>
/// What a far worker has started, which its caller cannot see: all of it inherits a mark from this process, and where there is <c>/proc</c> a guard ends what has
/// the mark once the process is gone without having said goodbye.
/// </summary>
internal sealed class WorkerFamily : IDisposable
{
    private readonly ChildFamily _family = new(TimeSpan.Zero);
    private readonly ChildLauncher? _launcher;

    public WorkerFamily()
    {
        Environment.SetEnvironmentVariable(ChildEnvironment.MarkName, _family.NextMark());
        try
        {
            // The guard comes with the first launcher.
            _launcher = _family.CreateLauncher();
        }
        catch (ChildStartException exception)
        {
            // No descriptor is left. What leads no group of its own is ended all the same.
            Debug.WriteLine(exception);
        }
    }

    public void Dispose()
    {
        _launcher?.Dispose();
        _family.Dispose();
    }
}
