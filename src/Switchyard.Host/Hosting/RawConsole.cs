using System.Management.Automation.Host;
using System.Management.Automation.Internal;
using System.Text;

namespace Switchyard.Host.Hosting;

/// <summary>The terminal as the engine asks for it: its width above all, which is what formatting goes by.</summary>
internal sealed class RawConsole : PSHostRawUserInterface
{
    private const int WidthWithoutTerminal = 80;
    private const int HeightWithoutTerminal = 24;
    private const ConsoleColor AsItIs = (ConsoleColor)(-1);

    private ConsoleColor _foreground = AsItIs;
    private ConsoleColor _background = AsItIs;

    /// <summary>The number of columns, also where no terminal is.</summary>
    public static int Width => Known(static () => Console.BufferWidth, WidthWithoutTerminal);

    /// <summary>The text's colour if the script has set one: what a terminal has by itself nobody can know.</summary>
    public override ConsoleColor ForegroundColor
    {
        get => _foreground;
        set => Console.ForegroundColor = _foreground = value;
    }

    /// <summary>The background's colour if the script has set one.</summary>
    public override ConsoleColor BackgroundColor
    {
        get => _background;
        set => Console.BackgroundColor = _background = value;
    }

    public override Size BufferSize
    {
        get => new(Width, Height);
        set => throw NotOffered();
    }

    public override Size WindowSize
    {
        get => new(Width, Height);
        set => throw NotOffered();
    }

    public override Size MaxWindowSize => WindowSize;

    public override Size MaxPhysicalWindowSize => WindowSize;

    public override Coordinates WindowPosition
    {
        get => new(0, 0);
        set => throw NotOffered();
    }

    public override Coordinates CursorPosition
    {
        get => new(Console.CursorLeft, Console.CursorTop);
        set => Console.SetCursorPosition(value.X, value.Y);
    }

    public override int CursorSize
    {
        get => 25;
        set => throw NotOffered();
    }

    public override string WindowTitle
    {
        get => string.Empty;
        set => Console.Title = value;
    }

    public override bool KeyAvailable => Console.KeyAvailable;

    private static int Height => Known(static () => Console.WindowHeight, HeightWithoutTerminal);

    public override KeyInfo ReadKey(ReadKeyOptions options)
    {
        ConsoleKeyInfo key = Console.ReadKey(intercept: (options & ReadKeyOptions.NoEcho) != 0);
        ControlKeyStates states = 0;
        states |= (key.Modifiers & ConsoleModifiers.Shift) != 0 ? ControlKeyStates.ShiftPressed : 0;
        states |= (key.Modifiers & ConsoleModifiers.Alt) != 0 ? ControlKeyStates.LeftAltPressed : 0;
        states |= (key.Modifiers & ConsoleModifiers.Control) != 0 ? ControlKeyStates.LeftCtrlPressed : 0;
        return new KeyInfo((int)key.Key, key.KeyChar, states, keyDown: true);
    }

    public override void FlushInputBuffer()
    {
        while (!Console.IsInputRedirected && Console.KeyAvailable)
        {
            Console.ReadKey(intercept: true);
        }
    }

    public override int LengthInBufferCells(string source) => LengthInBufferCells(source, 0);

    public override int LengthInBufferCells(string source, int offset)
    {
        ArgumentNullException.ThrowIfNull(source);
        string text = offset == 0 ? source : source[offset..];
        if (text.Contains('\e'))
        {
            text = new StringDecorated(text).ToString(System.Management.Automation.OutputRendering.PlainText);
        }

        int cells = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            cells += CharacterWidth.Of(rune);
        }

        return cells;
    }

    public override int LengthInBufferCells(char source) => Rune.TryCreate(source, out Rune rune) ? CharacterWidth.Of(rune) : 1;

    public override BufferCell[,] GetBufferContents(Rectangle rectangle) => throw NotOffered();

    public override void ScrollBufferContents(Rectangle source, Coordinates destination, Rectangle clip, BufferCell fill) => throw NotOffered();

    public override void SetBufferContents(Rectangle rectangle, BufferCell fill)
    {
        // Clear-Host asks for this with a rectangle that stands for the whole screen.
        if (rectangle.Left == -1 && rectangle.Right == -1 && !Console.IsOutputRedirected)
        {
            Console.Clear();
        }
    }

    public override void SetBufferContents(Coordinates origin, BufferCell[,] contents) => throw NotOffered();

    private static PlatformNotSupportedException NotOffered() => new("Switchyard.Host does not offer this of the console.");

    private static int Known(Func<int> read, int otherwise)
    {
        try
        {
            return read() is > 0 and var size ? size : otherwise;
        }
        catch (IOException)
        {
            // Windows without a console.
            return otherwise;
        }
    }
}
