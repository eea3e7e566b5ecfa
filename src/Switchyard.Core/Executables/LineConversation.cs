using Switchyard.Core.Processes;

namespace Switchyard.Core.Executables;

/// <summary>One process that answers each line with a line.</summary>
internal sealed class LineConversation(ChildProcess child, LineStreams streams, ChildFollower follower) : IDisposable
{
    // A process that answers each line twice is found out by its first answer: how long a second may take to arrive.
    private static readonly TimeSpan _surplusTimeout = TimeSpan.FromMilliseconds(25);

    private readonly ChildProcess _child = child;
    private readonly ChildFollower _follower = follower;
    private readonly LineStreams _streams = streams;
    private bool _hasAnswered;
    private TimeSpan? _cpuBefore;

    /// <summary>Whether the process was ended, and did not end by itself.</summary>
    public bool WasEnded => _follower.WasEnded;

    /// <summary>Processor time that the process had taken when it was asked last; null where that is not known.</summary>
    public TimeSpan? CpuTimeBefore => _cpuBefore;

    public IReadOnlyList<string> LastErrors => _streams.LastErrors;

    /// <summary>Takes what the process has written since its last answer, and whether it has ended.</summary>
    public bool PollEvents() => PollEvents(TimeSpan.Zero);

    /// <summary>Takes a line that the process wrote without being asked.</summary>
    public bool TryTakeSurplus(out string line)
    {
        bool hasOne = _streams.AnswerCount > 0;
        line = hasOne ? _streams.TakeAnswer() : string.Empty;
        return hasOne;
    }

    /// <summary>Sends a line and waits for the answer.</summary>
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
            answer = string.Empty;
            return false;
        }

        answer = _streams.TakeAnswer();
        if (!_hasAnswered)
        {
            _hasAnswered = true;
            PollEvents(_surplusTimeout);
        }

        return true;
    }

    /// <returns>Processor time that the process took for it; null where that is not known.</returns>
    public TimeSpan? EndItem()
    {
        _streams.CurrentInput = null;
        return _cpuBefore is { } before && _child.TryReadCpuTime(out TimeSpan cpu) ? cpu - before : null;
    }

    /// <summary>Lets the process end by closing its input, and waits for that.</summary>
    public ExitReason Close(TimeSpan timeout)
    {
        _follower.Feed(default, isLast: true);
        if (PollEvents(timeout))
        {
            _follower.End(timeout);
        }

        return Reap();
    }

    public ExitReason End(TimeSpan grace)
    {
        _follower.End(grace);
        return Reap();
    }

    /// <summary>Takes note of the end of a process that has ended.</summary>
    public ExitReason Reap()
    {
        _streams.End();
        return _child.Reap();
    }

    public void Dispose() => _child.Dispose();

    private bool PollEvents(TimeSpan timeout)
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
