namespace Switchyard.Core.Harness;

/// <summary>What is wrong with a <see cref="ScriptedWorker"/>.</summary>
internal enum WorkerFault
{
    None,

    /// <summary>It cannot start.</summary>
    ThrowOnOpen,

    /// <summary>Opening never ends unless its thread is interrupted.</summary>
    HangInOpen,

    /// <summary>It breaks on its item instead of reporting the item's failure.</summary>
    ThrowInRun,

    /// <summary>It breaks on whatever its item throws.</summary>
    ThrowOnFailure,

    /// <summary>Being asked to stop does nothing.</summary>
    DeafToStop,

    /// <summary>Being asked to stop throws.</summary>
    ThrowOnStop,

    /// <summary>It cannot be put away.</summary>
    ThrowOnDispose,
}
