using Switchyard.Core.Processes.Unix;
using Switchyard.Core.Processes.Windows;

namespace Switchyard.Core.Processes;

/// <summary>
/// How much fits on the command line of a program: on Windows characters as they are written there, elsewhere bytes with the zero at the end of each argument.
/// </summary>
internal sealed class CommandLineSpace
{
    /// <summary>What is taken where as much is wanted as fits: what <c>xargs</c> takes, on any system that allows it.</summary>
    public const long Usual = 128 * 1024;

    // What POSIX has xargs leave free, for a program that changes its environment.
    private const long Spare = 2048;
    private const int PointerLength = 8;

    private readonly string _program;
    private readonly int _each;
    private readonly int _alone;

    private CommandLineSpace(string program, IReadOnlyList<string> arguments, long? wanted, long? unixLimit)
    {
        _program = program;
        if (unixLimit is not { } limit)
        {
            _alone = WindowsCommandLine.Build(program, []).Length;
            limit = WindowsCommandLine.MaxLengthOf(program);
        }
        else if (wanted is { } most && limit / (1 + PointerLength) >= most)
        {
            // Pointers count for the system, and not for who has said how long it may be: here there is room for as many as there can be.
            limit = most;
            _each = 1;
        }
        else
        {
            _each = 1 + PointerLength;
        }

        Room = Math.Min(limit, wanted ?? long.MaxValue) - (_each == 0 ? _alone : LengthOf(program)) - arguments.Sum(LengthOf);
    }

    /// <summary>How long the arguments of items may be together; below 0 if nothing fits.</summary>
    public long Room { get; }

    /// <param name="program">The full path of the program.</param>
    /// <param name="arguments">Those that it has whatever the items are.</param>
    /// <param name="wanted">How long the command line may be, with the program; null for what the system takes.</param>
    public static CommandLineSpace OfThisSystem(string program, IReadOnlyList<string> arguments, ChildEnvironment environment, long? wanted) =>
        OperatingSystem.IsWindows()
            ? OfWindows(program, arguments, wanted)
            : OfUnix(program, arguments, wanted, UnixCalls.ReadArgumentLimit() - Spare - LengthOf(environment));

    public static CommandLineSpace OfWindows(string program, IReadOnlyList<string> arguments, long? wanted) => new(program, arguments, wanted, null);

    /// <param name="limit">Bytes that arguments may have together with a pointer to each.</param>
    public static CommandLineSpace OfUnix(string program, IReadOnlyList<string> arguments, long? wanted, long limit) => new(program, arguments, wanted, limit);

    /// <summary>How much of the room an argument takes.</summary>
    public long LengthOf(string argument)
    {
        if (_each > 0)
        {
            return Encoding.UTF8.GetByteCount(argument) + _each;
        }

        try
        {
            return WindowsCommandLine.Build(_program, [argument]).Length - _alone;
        }
        catch (ChildStartException exception)
        {
            // Too long or impossible: whoever has it is told so when the program is started, and nobody else.
            Debug.WriteLine(exception);
            return int.MaxValue;
        }
    }

    private static long LengthOf(ChildEnvironment environment) => environment.Variables.Sum(
        variable => (long)Encoding.UTF8.GetByteCount(variable.Key) + Encoding.UTF8.GetByteCount(variable.Value) + 2 + PointerLength);
}
