using Switchyard.Core.Processes.Portable;
using Switchyard.Core.Processes.Trees;
using Switchyard.Core.Processes.Unix;

namespace Switchyard.Core.Processes;

/// <summary>
/// The children of one run, over all its workers: what they are marked with, and what ends them should this process be killed.
/// </summary>
/// <param name="grace">How long those have that are asked to end, before they are killed.</param>
/// <param name="system">What there is to start and find them with; null for what this system has.</param>
internal sealed class ChildFamily(TimeSpan grace, ChildSystem? system = null) : IDisposable
{
    private readonly object _lock = new();
    private readonly ChildMark _marks = new(Environment.GetEnvironmentVariable(ChildEnvironment.MarkName));
    private readonly ChildSystem _system = system ?? new ChildSystem();
    private readonly SharedProcessTable _table = new((system ?? new ChildSystem()).HasProc ? new LinuxProcessTable() : new PsProcessTable());
    private readonly TimeSpan _grace = grace;
    private OrphanGuard? _guard;
    private bool _isGuarded;

    /// <summary>Makes what a worker starts its children with.</summary>
    /// <exception cref="ChildStartException">There are no file descriptors left.</exception>
    public ChildLauncher CreateLauncher()
    {
        OrphanGuard? guard = Guard();
        return !OperatingSystem.IsWindows() && _system.CanSpawn
            ? new UnixChildLauncher(_table, watchesSignal: !_system.HasExitDescriptors, guard)
            : new PortableChildLauncher(_table);
    }

    public string NextMark() => _marks.Next();

    public void Dispose()
    {
        lock (_lock)
        {
            _isGuarded = true;
            _guard?.Dispose();
            _guard = null;
        }
    }

    private OrphanGuard? Guard()
    {
        lock (_lock)
        {
            if (!_isGuarded)
            {
                _isGuarded = true;
                _guard = !OperatingSystem.IsWindows() && _system.CanSpawn && UnixPipe.TryOpen() is { } lifeline
                    ? OrphanGuard.TryStart(_marks.RunId, _grace, _system.HasProc, lifeline)
                    : null;
            }

            return _guard;
        }
    }
}
