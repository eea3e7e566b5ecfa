namespace Switchyard.Core.Policies;

/// <summary>Notices that a run's workers crash before any has ever answered: then the items are not the cause.</summary>
internal sealed class CrashLoopDetector
{
    // One item may crash its worker, and so may two that run at the same time.
    private const int MaxCrashes = 3;

    private int _crashes;
    private volatile bool _hasAnswered;

    public void NoteAnswer() => _hasAnswered = true;

    public bool NoteCrash() => !_hasAnswered && Interlocked.Increment(ref _crashes) >= MaxCrashes;
}
