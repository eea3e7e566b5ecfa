using Switchyard.Core.Processes;

namespace Switchyard.Core.Executables;

/// <summary>
/// Follows a child from its start to its end: hands on what it writes, feeds it, and ends it with all that it has started, when that
/// is asked for or when what it has started does not end after it.
/// </summary>
internal sealed class ChildFollower(ChildProcess child, IChildStreams streams, StopRequest stop, TimeSpan grace)
{
    // After the kill, for what cannot be found to let go of the pipes.
    private static readonly TimeSpan _afterKill = TimeSpan.FromSeconds(1);

    // At the least, for what was being started at the same moment: until it runs its own program it holds copies of this one's pipes.
    private static readonly TimeSpan _shortestLinger = TimeSpan.FromSeconds(1);

    // There is no event for the end of what is no child of ours.
    private static readonly TimeSpan _descendantsPeriod = TimeSpan.FromMilliseconds(25);

    private readonly ChildProcess _child = child;
    private readonly IChildStreams _streams = streams;
    private readonly StopRequest _stop = stop;
    private readonly TimeSpan _linger = grace > _shortestLinger ? grace : _shortestLinger;
    private readonly TimeSpan _grace = grace;
    private ReadOnlyMemory<byte> _input;
    private Func<ReadOnlyMemory<byte>>? _more;
    private bool _hasInput;
    private bool _closesInput;
    private bool _hasExited;
    private Phase _phase;
    private long _due = long.MaxValue;

    private enum Phase
    {
        Running,
        Outstayed,
        Asked,
        Killed,
    }

    /// <summary>Whether the child and its output have ended; then it can be reaped.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Whether the child has exited and another process kept its output open for too long.</summary>
    public bool WasOutstayed { get; private set; }

    /// <summary>Whether the child was ended, and did not end by itself.</summary>
    public bool WasEnded => _phase is Phase.Asked or Phase.Killed && !WasOutstayed;

    /// <summary>Gives the child something to read, after what it was given before has been taken.</summary>
    public void Feed(ReadOnlyMemory<byte> input, bool isLast)
    {
        _input = input;
        _hasInput = true;
        _closesInput = isLast;
        WriteInput();
    }

    /// <summary>Gives the child all that a function returns, until that is nothing: the next is asked for when the last has been taken.</summary>
    public void Feed(Func<ReadOnlyMemory<byte>> more)
    {
        _more = more;
        Feed(more(), isLast: true);
    }

    /// <summary>Waits for the next thing to happen, and does what it calls for.</summary>
    /// <param name="idle">After how long without anything the streams are told so; infinite if they need not be.</param>
    public bool Step(TimeSpan idle)
    {
        if (IsOver)
        {
            return false;
        }

        AskIfRequested();
        if (_phase is Phase.Asked or Phase.Killed)
        {
            // A child that never stops writing leaves no moment in which nothing happens.
            GoOn();
        }

        TimeSpan untilDue = _due == long.MaxValue ? Timeout.InfiniteTimeSpan : Left(_due);
        bool isIdleFirst = idle != Timeout.InfiniteTimeSpan && (untilDue == Timeout.InfiniteTimeSpan || idle < untilDue);
        Handle(_child.Wait(isIdleFirst ? idle : untilDue), isIdleFirst);
        AskIfRequested();
        CheckEnd();
        return !IsOver;
    }

    /// <summary>Ends the child whether it was asked for or not, and waits until it is over.</summary>
    public void End(TimeSpan grace)
    {
        Ask(grace);
        while (Step(Timeout.InfiniteTimeSpan))
        {
        }
    }

    private static TimeSpan Left(long due)
    {
        TimeSpan left = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private static long DueIn(TimeSpan time) => Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);

    private void Handle(ChildEvent what, bool isIdleFirst)
    {
        switch (what)
        {
            case ChildEvent.Output:
                StayOn();
                _streams.Output(_child.Data);
                break;
            case ChildEvent.Error:
                StayOn();
                _streams.Error(_child.Data);
                break;
            case ChildEvent.InputReady:
                WriteInput();
                break;
            case ChildEvent.Exited:
                _hasExited = true;
                StayOn();
                break;
            case ChildEvent.AwaitsTerminal:
                Ask(TimeSpan.Zero);
                break;
            case ChildEvent.TimedOut when isIdleFirst:
                _streams.Idle();
                break;
            case ChildEvent.TimedOut:
                GoOn();
                break;
        }
    }

    // What the child has left behind may take as long as it likes while it writes.
    private void StayOn()
    {
        if (_hasExited && _phase is Phase.Running or Phase.Outstayed && _child.IsOutputOpen)
        {
            _phase = Phase.Outstayed;
            _due = DueIn(_linger);
        }
    }

    private void AskIfRequested()
    {
        if (_stop.Grace is { } grace && _phase != Phase.Killed)
        {
            Ask(grace);
        }
    }

    private void Ask(TimeSpan grace)
    {
        if (_phase is Phase.Running or Phase.Outstayed)
        {
            _phase = Phase.Asked;
            _due = DueIn(_child.RequestEnd() ? grace : TimeSpan.Zero);
        }
        else if (_phase == Phase.Asked)
        {
            // Asked again, with less time.
            _due = Math.Min(_due, DueIn(grace));
        }
    }

    private void GoOn()
    {
        if (Left(_due) > TimeSpan.Zero)
        {
            return;
        }

        switch (_phase)
        {
            case Phase.Outstayed:
                WasOutstayed = true;
                Ask(_grace);
                break;
            case Phase.Asked or Phase.Killed:
                IsOver = _phase == Phase.Killed && _hasExited;
                _phase = Phase.Killed;
                _child.Kill();
                _due = DueIn(_afterKill);
                break;
        }
    }

    private void CheckEnd()
    {
        if (!_hasExited || _child.IsOutputOpen || IsOver)
        {
            return;
        }

        if (_phase is Phase.Asked or Phase.Killed)
        {
            AwaitDescendants();
        }

        IsOver = true;
    }

    // The child has ended when asked to; what it has started may be slower, or ignore the request.
    private void AwaitDescendants()
    {
        while (_child.HasDescendants())
        {
            TimeSpan left = Left(_due);
            if (left <= TimeSpan.Zero)
            {
                if (_phase == Phase.Killed)
                {
                    return;
                }

                GoOn();
                continue;
            }

            _ = _child.Wait(left < _descendantsPeriod ? left : _descendantsPeriod);
            AskIfRequested();
        }
    }

    private void WriteInput()
    {
        while (_hasInput && !_input.IsEmpty)
        {
            int written = _child.Write(_input.Span);
            if (written == 0)
            {
                _child.AwaitsInput = true;
                return;
            }

            // A child that wants no more has read enough; whether that is an error is for its exit code to say.
            _input = written < 0 ? default : _input[written..];
            _closesInput |= written < 0;
            _more = written < 0 ? null : _more;
            if (_input.IsEmpty && _more is not null)
            {
                _input = _more();
            }
        }

        _child.AwaitsInput = false;
        if (_hasInput && _closesInput)
        {
            _child.CloseInput();
        }

        _hasInput = false;
    }
}
