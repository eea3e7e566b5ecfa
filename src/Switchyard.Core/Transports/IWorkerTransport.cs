using Switchyard.Core.Processes;

namespace Switchyard.Core.Transports;

/// <summary>
/// Where a worker runs, as far as anything above needs to know: a stream of bytes both ways, and an end. Today it is a process of this
/// machine; a command that carries its input and output to another one fits as well.
/// </summary>
internal interface IWorkerTransport : IDisposable
{
    /// <summary>The bytes to and from the worker. It blocks; its end, like an error of it, says nothing of why.</summary>
    Stream Stream { get; }

    /// <summary>What it is, for messages: <c>process 4711</c>.</summary>
    string Description { get; }

    /// <summary>
    /// Tells which item the worker was on, if it has died; null where no memory is shared. Then the worker has to say so itself
    /// before it starts one.
    /// </summary>
    CrashMarker? CrashMarker { get; }

    /// <summary>Whether the worker notices at once when its caller is gone. Otherwise it has to hear from its caller now and then.</summary>
    bool NoticesLoss => CrashMarker is not null;

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

    /// <summary>The last lines that it wrote to its standard error, for the report of its death.</summary>
    IReadOnlyList<string> LastErrors();
}
