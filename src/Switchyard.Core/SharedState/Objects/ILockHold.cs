namespace Switchyard.Core.SharedState.Objects;

/// <summary>A lock that is held.</summary>
internal interface ILockHold
{
    /// <summary>Whether the one who held it before ended without letting go: what the lock guards may be half done.</summary>
    bool FollowsAbandoned { get; }

    void Exit();

    /// <summary>Releases it in place of a holder that has ended. The next holder can see that.</summary>
    void Abandon();
}
