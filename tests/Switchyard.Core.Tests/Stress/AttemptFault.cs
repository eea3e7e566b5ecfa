namespace Switchyard.Core.Stress;

/// <summary>What an attempt of a <see cref="CopyPlan"/> does.</summary>
internal enum AttemptFault
{
    /// <summary>It writes and ends.</summary>
    None,

    /// <summary>It takes so long that another begins beside it where there is a worker for it.</summary>
    Slow,

    /// <summary>It does not end unless it is stopped.</summary>
    Hang,

    /// <summary>It fails.</summary>
    Fail,

    /// <summary>The way to its worker is lost.</summary>
    Lose,

    /// <summary>Its worker dies.</summary>
    Crash,
}
