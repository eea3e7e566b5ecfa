using Switchyard.Core.Processes;

namespace Switchyard.Core.Transports;

/// <summary>
/// All worker processes of this process. What ends them should this process be killed is there as long as there is one of them.
/// </summary>
/// <param name="grace">How long the guard lets them end by themselves before it kills them: not at all, as workers notice their caller's death.</param>
internal sealed class LocalWorkers(TimeSpan grace = default)
{
    private readonly object _lock = new();
    private ChildFamily? _family;
    private int _count;

    internal ChildFamily Enter()
    {
        lock (_lock)
        {
            _count++;
            return _family ??= new ChildFamily(grace);
        }
    }

    internal void Leave()
    {
        ChildFamily? last = null;
        lock (_lock)
        {
            if (--_count == 0)
            {
                last = _family;
                _family = null;
            }
        }

        last?.Dispose();
    }
}
