namespace Switchyard.Core.SharedState;

/// <summary>A lock that is held.</summary>
public interface ILockHold
{
    /// <summary>Whether the one who held it before ended without letting go: what the lock guards may be half done.</summary>
    bool FollowsAbandoned { get; }

    /// <summary>Lets go. Only the first call does anything.</summary>
    void Exit();

    /// <summary>Lets go in place of a holder that is no more. The next holder is told.</summary>
    void Abandon();
}
