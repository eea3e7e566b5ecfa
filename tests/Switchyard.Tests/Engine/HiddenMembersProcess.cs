using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;

namespace Switchyard.Tests.Engine;

/// <summary>
/// A process that loads the module without members of the engine: once more for each request, as each load takes most of a second and a process several. What has no end
/// there, or ends the process, costs the test that asked for it; the next one gets another process.
/// </summary>
public sealed class HiddenMembersProcess : IDisposable
{
    /// <summary>By what this program knows that it is such a process.</summary>
    public const string Argument = "--hidden-members";

    // Many times as long as the longest takes, which reads an input without end for some seconds; only a failing test waits for it.
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(60);

    private readonly ConcurrentQueue<string> _errors = new();
    private Process? _process;

    /// <summary>What the checks write with all members, once a test has asked for that.</summary>
    internal Task<IReadOnlyList<string>>? WithAll { get; set; }

    /// <summary>Has the module loaded without members, which are named as in <see cref="HiddenMembersRequest"/>.</summary>
    /// <exception cref="TimeoutException">It did not end in time.</exception>
    /// <exception cref="InvalidOperationException">The process ended first.</exception>
    internal async Task<HiddenMembersAnswer> AskAsync(string hidden, bool runsChecks, CancellationToken cancellationToken)
    {
        Process process = _process ??= Start();
        List<string> lines = [];
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_limit);
        try
        {
            await process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(new HiddenMembersRequest(hidden, runsChecks)).AsMemory(), limit.Token);
            while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
            {
                if (line.StartsWith('{'))
                {
                    return JsonSerializer.Deserialize<HiddenMembersAnswer>(line)! with { Lines = lines };
                }

                lines.Add(JsonSerializer.Deserialize<string>(line)!);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            End();
            throw new TimeoutException($"Without '{hidden}' it has no end within {_limit.TotalSeconds} s. It wrote:\n{string.Join('\n', lines)}");
        }
        catch (IOException)
        {
            // It was gone before it was asked.
        }

        await process.WaitForExitAsync(cancellationToken);
        string end = $"Without '{hidden}' the process ended with {process.ExitCode}. It wrote:\n{string.Join('\n', [.. lines, .. _errors])}";
        End();
        throw new InvalidOperationException(end);
    }

    public void Dispose()
    {
        // It ends with its input.
        _process?.StandardInput.Dispose();
        _process?.WaitForExit(_limit);
        End();
    }

    private Process Start()
    {
        // This program's own file, or the runtime that was started with this assembly.
        string program = Environment.ProcessPath!;
        bool isRuntime = Path.GetFileNameWithoutExtension(program).Equals("dotnet", StringComparison.OrdinalIgnoreCase);
        Process process = Process.Start(new ProcessStartInfo(program, isRuntime ? [typeof(Program).Assembly.Location, Argument] : [Argument])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _errors.Clear();
        process.ErrorDataReceived += (_, said) => _errors.Enqueue(said.Data ?? string.Empty);
        process.BeginErrorReadLine();
        return process;
    }

    private void End()
    {
        if (_process is { } process)
        {
            _process = null;
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            process.Dispose();
        }
    }
}
