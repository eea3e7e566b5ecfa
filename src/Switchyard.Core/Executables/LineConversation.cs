using Switchyard.Core.Processes;

namespace Switchyard.Core.Executables;

/// <summary>One process that answers each line with a line.</summary>
internal sealed class LineConversation : IDisposable
{
    // A process that answers each line twice is found out by its first answer: how long a second may take to arrive.
    private static readonly TimeSpan _firstLook = TimeSpan.FromMilliseconds(25);

    private readonly ChildProcess _child;
    private readonly ChildFollower _follower;
    private readonly LineStreams _streams;
    private bool _hasAnswered;
    private TimeSpan? _cpuBefore;

    /// <summary>Talks to a process that was just started.</summary>
    /// <param name="child">The process, whose input is a pipe.</param>
    /// <param name="streams">Takes what it writes.</param>
    /// <param name="follower">Follows it, and hands to those streams.</param>
    public LineConversation(ChildProcess child, LineStreams streams, ChildFollower follower)
    {
        _child = child;
        _streams = streams;
        _follower = follower;
    }

    /// <summary>Whether the process was ended, and did not end by itself.</summary>
    public bool WasEnded => _follower.WasEnded;

    /// <summary>Processor time that the process had taken when it was asked last; null where that is not known.</summary>
    public TimeSpan? CpuTimeBefore => _cpuBefore;

    /// <summary>The last lines of its error output.</summary>
    public IReadOnlyList<string> LastErrors => _streams.LastErrors;

    /// <summary>Looks whether the process has written or ended since its last answer.</summary>
    /// <returns>False if it has ended.</returns>
    public bool Look() => Look(TimeSpan.Zero);

    /// <summary>Takes a line that the process wrote without being asked.</summary>
    /// <param name="line">The line.</param>
    /// <returns>False if there is none.</returns>
    public bool TryTakeSurplus(out string line)
    {
        bool hasOne = _streams.AnswerCount > 0;
        line = hasOne ? _streams.TakeAnswer() : string.Empty;
        return hasOne;
    }

    /// <summary>Sends a line and waits for the answer.</summary>
    /// <param name="input">The item.</param>
    /// <param name="line">Its line, with the line end.</param>
    /// <param name="answer">The answer.</param>
    /// <returns>False if the process ended before it answered.</returns>
    public bool TryAsk(object? input, ReadOnlyMemory<byte> line, out string answer)
    {
        _cpuBefore = _child.TryReadCpuTime(out TimeSpan cpu) ? cpu : null;
        _streams.CurrentInput = input;
        _follower.Feed(line, isLast: false);
        while (_streams.AnswerCount == 0 && _follower.Step(Timeout.InfiniteTimeSpan))
        {
        }

        if (_streams.AnswerCount == 0)
        {
            // What it wrote without ending the line before it ended itself is no answer.
            answer = string.Empty;
            return false;
        }

        answer = _streams.TakeAnswer();
        if (!_hasAnswered)
        {
            _hasAnswered = true;
            Look(_firstLook);
        }

        return true;
    }

    /// <summary>The item has ended.</summary>
    /// <returns>Processor time that the process took for it; null where that is not known.</returns>
    public TimeSpan? EndItem()
    {
        _streams.CurrentInput = null;
        return _cpuBefore is { } before && _child.TryReadCpuTime(out TimeSpan cpu) ? cpu - before : null;
    }

    /// <summary>Lets the process end by closing its input, and waits for that.</summary>
    /// <param name="timeout">After how long it is asked to end, and after how long again it is killed.</param>
    /// <returns>How it ended.</returns>
    public ExitReason Close(TimeSpan timeout)
    {
        _follower.Feed(default, isLast: true);
        if (Look(timeout))
        {
            _follower.End(timeout);
        }

        return Reap();
    }

    /// <summary>Ends the process.</summary>
    /// <param name="grace">How long it has.</param>
    public void End(TimeSpan grace)
    {
        _follower.End(grace);
        Reap();
    }

    /// <summary>Takes note of the end of a process that has ended.</summary>
    /// <returns>How it ended.</returns>
    public ExitReason Reap()
    {
        _streams.End();
        return _child.Reap();
    }

    /// <inheritdoc/>
    public void Dispose() => _child.Dispose();

    private bool Look(TimeSpan timeout)
    {
        _streams.IsQuiet = false;
        while (!_streams.IsQuiet)
        {
            if (!_follower.Step(timeout))
            {
                return false;
            }
        }

        return true;
    }
}
