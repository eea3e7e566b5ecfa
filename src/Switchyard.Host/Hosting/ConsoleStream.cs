using System.Management.Automation;
using System.Management.Automation.Internal;
using System.Text;

namespace Switchyard.Host.Hosting;

/// <summary>Standard output or error: UTF-8 without a byte order mark, as it comes, colours only where somebody sees them.</summary>
internal sealed class ConsoleStream
{
    private ConsoleStream(TextWriter writer, bool isTerminal)
    {
        Writer = writer;
        IsTerminal = isTerminal;
        ShowsColour = isTerminal && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
            && Environment.GetEnvironmentVariable("TERM") != "dumb";
    }

    /// <summary>Where everything goes, also what .NET code of the script writes through <see cref="Console"/>.</summary>
    public TextWriter Writer { get; }

    /// <summary>Whether a person is at the other end.</summary>
    public bool IsTerminal { get; }

    /// <summary>Whether escape sequences go through.</summary>
    public bool ShowsColour { get; }

    /// <summary>Opens standard output.</summary>
    public static ConsoleStream OpenOutput(Action readerGone)
    {
        var stream = new ConsoleStream(Open(1, Console.OpenStandardOutput, readerGone), !Console.IsOutputRedirected);
        Console.SetOut(stream.Writer);
        return stream;
    }

    /// <summary>Opens standard error.</summary>
    public static ConsoleStream OpenError()
    {
        // A reader of the errors that has gone away is no reason to stop the work.
        var stream = new ConsoleStream(Open(2, Console.OpenStandardError, static () => { }), !Console.IsErrorRedirected);
        Console.SetError(stream.Writer);
        return stream;
    }

    /// <summary>Writes text as it is, less the escape sequences if nobody would see them as colours.</summary>
    public void Write(string text) => Writer.Write(Plain(text));

    /// <summary>Writes a line.</summary>
    public void WriteLine(string text) => Writer.WriteLine(Plain(text));

    private string Plain(string text)
        => ShowsColour || !text.Contains('\e') || PSStyle.Instance.OutputRendering == OutputRendering.Ansi
            ? text
            : new StringDecorated(text).ToString(OutputRendering.PlainText);

    private static TextWriter Open(int descriptor, Func<Stream> open, Action readerGone)
    {
        Stream stream = OperatingSystem.IsWindows() ? open() : new UnixOutputStream(descriptor, readerGone);
        var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 4096) { AutoFlush = true };
        return TextWriter.Synchronized(writer);
    }
}
