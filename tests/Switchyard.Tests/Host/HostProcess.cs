using System.Diagnostics;
using System.Text;
using Xunit;

namespace Switchyard.Tests.Host;

/// <summary>The built host as a child process, as its users run it.</summary>
internal sealed class HostProcess : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private readonly Process _process;
    private readonly Task<string> _error;

    private HostProcess(IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = Utf8,
            StandardOutputEncoding = Utf8,
            StandardErrorEncoding = Utf8,
        };
        start.ArgumentList.Add(Assembly);
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach ((string name, string? value) in environment ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start.");
        _error = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>The folder that the build fills.</summary>
    public static string OutFolder { get; } = Path.Combine(FindRoot(), "out");

    /// <summary>The number of the process.</summary>
    public int Id => _process.Id;

    /// <summary>Standard output, to read while it runs.</summary>
    public StreamReader Output => _process.StandardOutput;

    private static string Assembly => Path.Combine(OutFolder, "Switchyard.Host", "Switchyard.Host.dll");

    /// <summary>Runs a script text to its end.</summary>
    public static Task<HostResult> CommandAsync(string script, string? input = null, IReadOnlyDictionary<string, string?>? environment = null)
        => RunAsync(["-NoProfile", "-Command", script], input, environment);

    /// <summary>Runs the host to its end.</summary>
    public static async Task<HostResult> RunAsync(
        IEnumerable<string> arguments, string? input = null, IReadOnlyDictionary<string, string?>? environment = null)
    {
        using HostProcess host = Start(arguments, environment);
        await host._process.StandardInput.WriteAsync(input);
        return await host.FinishAsync();
    }

    /// <summary>Starts the host.</summary>
    public static HostProcess Start(IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null)
        => new(arguments, environment);

    /// <summary>Ends its input and waits for it to end.</summary>
    public async Task<HostResult> FinishAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        _process.StandardInput.Close();
        string output = await _process.StandardOutput.ReadToEndAsync(limit.Token);
        string error = await _error.WaitAsync(limit.Token);
        await _process.WaitForExitAsync(limit.Token);
        return new HostResult(_process.ExitCode, output.ReplaceLineEndings("\n"), error.ReplaceLineEndings("\n"));
    }

    /// <summary>Waits for it to end after its output was closed.</summary>
    public async Task<HostResult> FinishClosedAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        string error = await _error.WaitAsync(limit.Token);
        await _process.WaitForExitAsync(limit.Token);
        return new HostResult(_process.ExitCode, string.Empty, error);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Switchyard.slnx")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new DirectoryNotFoundException("Switchyard.slnx is in no folder above the tests.");
    }
}
