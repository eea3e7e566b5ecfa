using System.Collections;
using System.ComponentModel;
using System.Diagnostics;
using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for Start-Process, without credentials, verbs and window styles.</summary>
[Cmdlet(VerbsLifecycle.Start, "Process", DefaultParameterSetName = "Default", SupportsShouldProcess = true)]
[OutputType(typeof(Process))]
public sealed class StartProcessCommand : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stopped = new();

    [Parameter(Mandatory = true, Position = 0)]
    [Alias("PSPath", "Path")]
    public string FilePath { get; set; } = string.Empty;

    [Parameter(Position = 1)]
    [Alias("Args")]
    [AllowEmptyCollection]
    public string[] ArgumentList { get; set; } = [];

    [Parameter]
    public string? WorkingDirectory { get; set; }

    [Parameter(ParameterSetName = "Default")]
    [Alias("nnw")]
    public SwitchParameter NoNewWindow { get; set; }

    [Parameter]
    public SwitchParameter PassThru { get; set; }

    [Parameter(ParameterSetName = "Default")]
    [Alias("RSE")]
    public string? RedirectStandardError { get; set; }

    [Parameter(ParameterSetName = "Default")]
    [Alias("RSI")]
    public string? RedirectStandardInput { get; set; }

    [Parameter(ParameterSetName = "Default")]
    [Alias("RSO")]
    public string? RedirectStandardOutput { get; set; }

    [Parameter]
    public SwitchParameter Wait { get; set; }

    [Parameter]
    public Hashtable? Environment { get; set; }

    /// <inheritdoc/>
    public void Dispose() => _stopped.Dispose();

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        ProcessStartInfo start = CreateStart();
        if (!ShouldProcess(FilePath))
        {
            return;
        }

        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            var failure = new InvalidOperationException($"This command cannot be run due to the error: {error.Message}", error);
            ThrowTerminatingError(new ErrorRecord(failure, "InvalidOperationException", ErrorCategory.InvalidOperation, null));
            return;
        }

        Task redirections = Redirect(process);
        if (PassThru)
        {
            WriteObject(process);
        }

        if (Wait)
        {
            WaitFor(process, redirections);
        }
    }

    /// <inheritdoc/>
    protected override void StopProcessing() => _stopped.Cancel();

    private ProcessStartInfo CreateStart()
    {
        CommandInfo? command = SessionState.InvokeCommand.GetCommand(FilePath, CommandTypes.Application);
        var start = new ProcessStartInfo(command?.Source ?? SessionState.Path.GetUnresolvedProviderPathFromPSPath(FilePath))
        {
            // As in the real command, the elements are joined as they are: who needs quotes writes them.
            Arguments = string.Join(' ', ArgumentList),
            WorkingDirectory = SessionState.Path.GetUnresolvedProviderPathFromPSPath(WorkingDirectory ?? SessionState.Path.CurrentFileSystemLocation.Path),
            RedirectStandardInput = RedirectStandardInput is not null,
            RedirectStandardOutput = RedirectStandardOutput is not null,
            RedirectStandardError = RedirectStandardError is not null,
        };
        foreach (DictionaryEntry entry in Environment ?? [])
        {
            start.Environment[LanguagePrimitives.ConvertTo<string>(entry.Key)] = entry.Value is null ? null : LanguagePrimitives.ConvertTo<string>(entry.Value);
        }

        return start;
    }

    private Task Redirect(Process process)
    {
        var copies = new List<Task>();
        if (RedirectStandardInput is not null)
        {
            copies.Add(CopyAsync(File.OpenRead(Full(RedirectStandardInput)), process.StandardInput.BaseStream));
        }

        if (RedirectStandardOutput is not null)
        {
            copies.Add(CopyAsync(process.StandardOutput.BaseStream, File.Create(Full(RedirectStandardOutput))));
        }

        if (RedirectStandardError is not null)
        {
            copies.Add(CopyAsync(process.StandardError.BaseStream, File.Create(Full(RedirectStandardError))));
        }

        return Task.WhenAll(copies);
    }

    private string Full(string path) => SessionState.Path.GetUnresolvedProviderPathFromPSPath(path);

    private static async Task CopyAsync(Stream from, Stream to)
    {
        await using (from.ConfigureAwait(false))
        await using (to.ConfigureAwait(false))
        {
            await from.CopyToAsync(to).ConfigureAwait(false);
        }
    }

    private void WaitFor(Process process, Task redirections)
    {
        try
        {
            process.WaitForExitAsync(_stopped.Token).GetAwaiter().GetResult();
            redirections.Wait(_stopped.Token);
        }
        catch (OperationCanceledException)
        {
            // Stopped: the process goes on, as it does with the real command.
        }
    }
}
