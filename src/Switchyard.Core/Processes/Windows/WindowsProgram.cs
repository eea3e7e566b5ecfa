using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;
using Switchyard.Core.Processes.Trees;

namespace Switchyard.Core.Processes.Windows;

/// <summary>A program that was started by <c>CreateProcess</c>: in a job object from its first instruction on, with no handle of ours but its streams.</summary>
[SupportedOSPlatform("windows")]
internal sealed class WindowsProgram : StartedProgram
{
    private readonly WindowsProcess _process;

    private WindowsProgram(WindowsProcess process, WindowsJob? job, bool leadsGroup, WindowsStreams streams)
    {
        _process = process;
        Tree = new WindowsChildTree(process, job, leadsGroup);
        Input = streams.Input is { } input ? new FileStream(input, FileAccess.Write, bufferSize: 0) : null;
        Output = new FileStream(streams.Output, FileAccess.Read, bufferSize: 0);
        Error = new FileStream(streams.Error, FileAccess.Read, bufferSize: 0);
    }

    public override int Id => _process.Id;

    public override ChildTree Tree { get; }

    public override Stream? Input { get; }

    public override Stream Output { get; }

    public override Stream Error { get; }

    /// <exception cref="ChildStartException">It cannot be started.</exception>
    public static WindowsProgram Start(ChildStart start)
    {
        string commandLine = WindowsCommandLine.Build(start.FileName, start.Arguments);
        bool hasConsole = WindowsConsole.IsPresent && !start.HasOwnConsole;

        // In a group of its own it takes no Ctrl+C; at the terminal it is to.
        bool leadsGroup = hasConsole && start.Input != ChildInput.Terminal;
        uint flags = (hasConsole ? 0 : WindowsCalls.CreateNoWindow) | (leadsGroup ? WindowsCalls.CreateNewProcessGroup : 0);
        WindowsJob? job = null;
        WindowsStreams? streams = null;
        bool isStarted = false;
        try
        {
            streams = WindowsStreams.Open(start);
            job = WindowsJob.TryCreate();
            int error = TryStart(start, commandLine, flags, streams, job, out WindowsProcess? process);
            if (job is not null && error is WindowsErrors.AccessDenied or WindowsErrors.NotSupported or WindowsErrors.InvalidParameter)
            {
                // A job of the caller's may allow none inside.
                job.Dispose();
                job = null;
                error = TryStart(start, commandLine, flags, streams, job, out process);
            }

            if (process is null)
            {
                // The system's own text for it has a placeholder for a name, which stays unfilled.
                throw error == WindowsErrors.BadFormat ? new ChildStartException(MessageText.Format(Messages.FileNoProgram, start.FileName)) : Failure(error);
            }

            isStarted = true;
            return new WindowsProgram(process, job, leadsGroup, streams);
        }
        finally
        {
            streams?.CloseOfChild();
            if (!isStarted)
            {
                streams?.CloseOwn();
                job?.Dispose();
            }
        }
    }

    public override int WaitForExit() => _process.WaitForExit();

    public override void Dispose() => _process.Dispose();

    /// <summary>Makes the failure of a call.</summary>
    public static ChildStartException Failure(int error) => new(new Win32Exception(error).Message) { IsOfThisChild = WindowsErrors.IsOfOneStart(error) };

    private static unsafe int TryStart(
        ChildStart start, string commandLine, uint flags, WindowsStreams streams, WindowsJob? job, out WindowsProcess? process)
    {
        process = null;
        nint* handles = stackalloc nint[] { streams.ChildInput, streams.ChildOutput, streams.ChildError };
        nint jobHandle = job?.Handle ?? 0;
        using WindowsStartAttributes attributes = new(job is null ? 1 : 2);
        attributes.Set(WindowsStartAttributes.HandleList, handles, 3 * sizeof(nint));
        if (job is not null)
        {
            attributes.Set(WindowsStartAttributes.JobList, &jobHandle, sizeof(nint));
        }

        WindowsCalls.StartupInfo info = new()
        {
            Size = (uint)sizeof(WindowsCalls.StartupInfo),
            Flags = WindowsCalls.UseStandardHandles,
            Input = streams.ChildInput,
            Output = streams.ChildOutput,
            Error = streams.ChildError,
            Attributes = attributes.List,
        };
        flags |= WindowsCalls.ExtendedStartupInfo | WindowsCalls.UnicodeEnvironment;

        // Written to by the call.
        char[] line = [.. commandLine, '\0'];
        WindowsCalls.ProcessInformation started = default;
        fixed (char* linePointer = line)
        fixed (char* environment = EnvironmentBlock(start))
        fixed (char* folder = start.WorkingDirectory)
        {
            if (WindowsCalls.CreateProcess(null, linePointer, 0, 0, 1, flags, environment, folder, &info, &started) == 0)
            {
                return Marshal.GetLastPInvokeError();
            }
        }

        _ = WindowsCalls.CloseHandle(started.Thread);
        process = new WindowsProcess(new SafeProcessHandle(started.Process, ownsHandle: true), (int)started.ProcessId);
        return 0;
    }

    // Sorted by name without regard to case, as the system wants it.
    private static string EnvironmentBlock(ChildStart start)
    {
        StringBuilder block = new();
        foreach ((string name, string value) in start.Environment.Variables
            .Append(new KeyValuePair<string, string>(ChildEnvironment.MarkName, start.Mark))
            .OrderBy(variable => variable.Key, StringComparer.OrdinalIgnoreCase))
        {
            block.Append(name).Append('=').Append(value).Append('\0');
        }

        return block.Append('\0').ToString();
    }
}
