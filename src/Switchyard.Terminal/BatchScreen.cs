using System.Globalization;
using System.Text;
using Switchyard.Core.Control;

namespace Switchyard.Terminal;

/// <summary>
/// Shows batches on a screen of their own in the terminal, and does what keys ask. Called by the module through a delegate, as this assembly and its library are in a
/// load context of their own.
/// </summary>
internal sealed class BatchScreen
{
    private const string Enter = "\e[?1049h\e[?25l";
    private const string Leave = "\e[?25h\e[?1049l";
    private const string ToTop = "\e[H";
    private const string ToLineEnd = "\e[K";
    private const string ToScreenEnd = "\e[J";

    // What a person notices of a key that is answered late.
    private static readonly TimeSpan _keyInterval = TimeSpan.FromMilliseconds(40);

    private readonly Func<IReadOnlyList<BatchStatus>> _look;
    private readonly Func<BatchStatus, ControlAction, long, (BatchStatus? After, string? Failure)> _ask;
    private readonly bool _hasColours;
    private readonly ScreenState _state = new();
    private bool _isQuit;

    private BatchScreen(
        Func<IReadOnlyList<BatchStatus>> look, Func<BatchStatus, ControlAction, long, (BatchStatus? After, string? Failure)> ask, bool hasColours)
    {
        _look = look;
        _ask = ask;
        _hasColours = hasColours;
    }

    /// <summary>Shows them until none is left, somebody quits, or it is stopped.</summary>
    /// <param name="look">Tells of the batches as they are.</param>
    /// <param name="ask">Asks for something of one, and tells how it is then, or why that failed.</param>
    /// <param name="interval">How long until it is looked again.</param>
    public static void Run(
        Func<IReadOnlyList<BatchStatus>> look,
        Func<BatchStatus, ControlAction, long, (BatchStatus? After, string? Failure)> ask,
        bool hasColours,
        TimeSpan interval,
        CancellationToken stop) => new BatchScreen(look, ask, hasColours).Run(interval, stop);

    private void Run(TimeSpan interval, CancellationToken stop)
    {
        // .NET writes to a terminal in its own encoding, which may know no line to draw with.
        using StreamWriter output = new(Console.OpenStandardOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        output.Write(Enter);
        try
        {
            do
            {
                _state.Update(_look());
                Draw(output);
                AwaitKeys(output, interval, stop);
            }
            while (_state.Selected is not null && !_isQuit && !stop.IsCancellationRequested);
        }
        finally
        {
            output.Write(Leave);
            output.Flush();
        }
    }

    private void Draw(StreamWriter output)
    {
        int width = Math.Max(1, Console.WindowWidth);
        StringBuilder screen = new(ToTop);
        bool isFirst = true;
        foreach (string line in new Frame(width, Math.Max(2, Console.WindowHeight), _hasColours).Draw(_state))
        {
            // No line's end after the last one: the terminal would scroll.
            screen.Append(isFirst ? string.Empty : "\r\n").Append(line).Append(ToLineEnd);
            isFirst = false;
        }

        output.Write(screen.Append(ToScreenEnd));
        output.Flush();
    }

    private void AwaitKeys(StreamWriter output, TimeSpan interval, CancellationToken stop)
    {
        long end = Environment.TickCount64 + (long)interval.TotalMilliseconds;
        while (Environment.TickCount64 < end && _state.Selected is not null && !_isQuit)
        {
            while (Console.KeyAvailable)
            {
                Take(Console.ReadKey(intercept: true));
                Draw(output);
            }

            if (stop.WaitHandle.WaitOne(_keyInterval))
            {
                return;
            }
        }
    }

    private void Take(ConsoleKeyInfo key)
    {
        _state.Message = null;
        if (_state.AsksToStop)
        {
            _state.AsksToStop = false;
            if (key.KeyChar is 'y' or 'Y')
            {
                Ask(ControlAction.Stop, 0, "is being stopped");
            }

            return;
        }

        switch (key)
        {
            case { KeyChar: 'q' or 'Q' } or { Key: ConsoleKey.Escape }:
                _isQuit = true;
                break;
            case { KeyChar: '+' or '=' }:
                SetThrottle(1);
                break;
            case { KeyChar: '-' or '_' }:
                SetThrottle(-1);
                break;
            case { KeyChar: 'p' or 'P' or ' ' }:
                Ask(_state.Selected?.State == BatchState.Suspended ? ControlAction.Resume : ControlAction.Suspend, 0, null);
                break;
            case { KeyChar: 's' or 'S' }:
                _state.AsksToStop = true;
                break;
            case { Key: ConsoleKey.Tab }:
                _state.SelectNext();
                break;
            case { Key: ConsoleKey.UpArrow } or { KeyChar: 'k' }:
                _state.SelectWorker(-1);
                break;
            case { Key: ConsoleKey.DownArrow } or { KeyChar: 'j' }:
                _state.SelectWorker(1);
                break;
            case { KeyChar: 'x' or 'X' }:
                StopItem();
                break;
        }
    }

    // A tenth at a time, so that a few keys do where there are many.
    private void SetThrottle(int sign)
    {
        if (_state.Selected is { } batch)
        {
            int limit = Math.Max(1, batch.ThrottleLimit + (sign * Math.Max(1, batch.ThrottleLimit / 10)));
            Ask(ControlAction.SetThrottle, limit, string.Create(CultureInfo.CurrentCulture, $"throttle {limit}"));
        }
    }

    private void StopItem()
    {
        if (_state.Worker?.Index is { } index)
        {
            Ask(ControlAction.StopItem, index, string.Create(CultureInfo.CurrentCulture, $"item {index:N0} is being stopped"));
        }
        else
        {
            _state.Message = "choose a worker that has an item";
        }
    }

    private void Ask(ControlAction action, long value, string? success)
    {
        if (_state.Selected is not { } batch)
        {
            return;
        }

        (BatchStatus? after, string? failure) = _ask(batch, action, value);
        _state.Message = failure ?? (success is null ? null : $"{batch.Id} {success}");
        if (after is not null)
        {
            _state.Update(after);
        }
    }
}
