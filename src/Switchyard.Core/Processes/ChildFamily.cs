using Switchyard.Core.Processes.Portable;
using Switchyard.Core.Processes.Trees;
using Switchyard.Core.Processes.Unix;

namespace Switchyard.Core.Processes;

/// <summary>
/// The children of one run, over all its workers: what they are marked with, and what ends them should this process be killed.
/// </summary>
/// <param name="grace">How long those have that are asked to end, before they are killed.</param>
internal sealed class ChildFamily(TimeSpan grace) : IDisposable
{
    private readonly object _lock = new();
    private readonly ChildMark _marks = new(Environment.GetEnvironmentVariable(ChildEnvironment.MarkName));
    private readonly SharedProcessTable _table = new SharedProcessTable(Directory.Exists("/proc/self") ? new LinuxProcessTable() : new PsProcessTable());
    private readonly TimeSpan _grace = grace;
    private OrphanGuard? _guard;
    private bool _isGuarded;

    /// <summary>Makes what a worker starts its children with.</summary>
    /// <exception cref="ChildStartException">There are no file descriptors left.</exception>
    public ChildLauncher CreateLauncher()
    {
        Guard();
        return !OperatingSystem.IsWindows() && UnixChildLauncher.IsSupported
            ? new UnixChildLauncher(_table, watchesSignal: !UnixChildLauncher.CanOpenExits)
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

    private void Guard()
    {
        lock (_lock)
        {
            if (!_isGuarded)
            {
                _isGuarded = true;
                _guard = OrphanGuard.TryStart(_marks.RunId, _grace);
            }
        }
    }
}
