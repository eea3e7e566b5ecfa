using Switchyard.Core.Processes;

namespace Switchyard.Core.Transports;

/// <summary>
/// Where a worker runs, as far as anything above needs to know: a stream of bytes both ways, and an end. Today it is a process of this
/// machine; a command that carries its input and output to another one fits as well.
/// </summary>
internal interface IWorkerTransport : IDisposable
{
    /// <summary>What a worker needs to say what it is that has connected, and has nothing else to do first.</summary>
    static readonly TimeSpan UsualHelloTimeout = TimeSpan.FromSeconds(30);

    /// <summary>The bytes to and from the worker. It blocks; its end, like an error of it, says nothing of why.</summary>
    Stream Stream { get; }

    /// <summary>What it is, for messages: <c>process 4711</c>.</summary>
    string Description { get; }

    /// <summary>
    /// Tells which item the worker was on, if it has died; null where no memory is shared. Then the worker has to say so itself
    /// before it starts one.
    /// </summary>
    CrashMarker? CrashMarker { get; }

    /// <summary>The machine that the worker is on, as the user calls it; null for this one.</summary>
    string? HostName => null;

    /// <summary>What the worker is sent if it lacks the module: a zip archive. Null where it has it.</summary>
    Func<byte[]>? Package => null;

    /// <summary>How long the worker has until it has said what it is.</summary>
    TimeSpan HelloTimeout => UsualHelloTimeout;

    /// <summary>Whether the worker notices at once when its caller is gone. Otherwise it has to hear from its caller now and then.</summary>
    bool NoticesLoss => CrashMarker is not null;

    /// <summary>Whether the worker is where nothing of this machine is to be had but over <see cref="Stream"/>.</summary>
    bool IsFar => !NoticesLoss;

    /// <summary>
    /// Takes each line that it writes to its own output or, with true, its standard error: what code in it writes past PowerShell. On a
    /// thread of its own; null drops them.
    /// </summary>
    Action<string, bool>? OutputHandler { get; set; }

    /// <summary>
    /// Waits until <see cref="OutputHandler"/> has what it has written so far, but no longer than a moment: some write without end.
    /// </summary>
    void HandOnOutput()
    {
    }

    /// <summary>Ends it with all that it has started, without asking. On any thread, at any time; does not wait.</summary>
    void Kill();

    /// <summary>It has said that it ends: what it has started may go on without it.</summary>
    void Release();

    /// <summary>Waits for its end.</summary>
    /// <param name="reason">How it ended. On an end that is reached through another program, how that ended.</param>
    /// <returns>False if it has not ended.</returns>
    bool TryAwaitExit(TimeSpan timeout, out ExitReason reason);

    /// <summary>Whether an end says that the way to the worker was lost, or may have been, and not only the worker by its own doing.</summary>
    bool IsLoss(ExitReason reason) => false;

    /// <summary>The last lines that it wrote to its standard error, for the report of its death.</summary>
    IReadOnlyList<string> LastErrors();
}
