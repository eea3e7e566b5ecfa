namespace Switchyard.Core.SharedState.Objects;

/// <summary>A lock in the process that holds it.</summary>
internal sealed class LockState(string name) : SharedObjectState(SharedKind.Lock, name), ILock
{
    private Hold? _holder;
    private bool _wasAbandoned;

    public ILockHold? TryEnter(in WaitLimit limit)
    {
        lock (Gate)
        {
            while (true)
            {
                ThrowIfDisposed();
                if (_holder is null)
                {
                    _holder = new Hold(this, _wasAbandoned);
                    _wasAbandoned = false;
                    return _holder;
                }

                if (!limit.TryWait(Gate))
                {
                    return null;
                }
            }
        }
    }

    private void Release(Hold hold, bool isAbandoned)
    {
        lock (Gate)
        {
            if (_holder == hold)
            {
                _holder = null;
                _wasAbandoned = isAbandoned;
                Monitor.Pulse(Gate);
            }
        }
    }

    private sealed class Hold(LockState state, bool followsAbandoned) : ILockHold
    {
        public bool FollowsAbandoned { get; } = followsAbandoned;

        public void Exit() => state.Release(this, isAbandoned: false);

        public void Abandon() => state.Release(this, isAbandoned: true);
    }
}
