using Switchyard.Core.Processes;

namespace Switchyard.Core.Transports;

/// <summary>
/// All worker processes of this process. What ends them should this process be killed is there as long as there is one of them.
/// </summary>
internal sealed class LocalWorkers
{
    private readonly object _lock = new();
    private ChildFamily? _family;
    private int _count;

    internal ChildFamily Enter()
    {
        lock (_lock)
        {
            _count++;

            // They notice their caller's death themselves, so the guard need not wait before it kills them.
            return _family ??= new ChildFamily(TimeSpan.Zero);
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
