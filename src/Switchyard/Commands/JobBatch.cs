using System.Management.Automation.Runspaces;
using Switchyard.Core.Batch;
using Switchyard.Runspaces;
using Switchyard.Core.Items;
using Switchyard.Jobs;

namespace Switchyard.Commands;

/// <summary>A batch that runs as a job: its pipeline only feeds it, and gets the job.</summary>
internal sealed class JobBatch : IBatchFront
{
    private readonly BatchCommandBase _command;
    private readonly BatchJob _job;

    /// <summary>Starts the job.</summary>
    /// <param name="command">The command whose input it takes.</param>
    /// <param name="options">What the caller wants of the run.</param>
    /// <param name="work">What it runs.</param>
    public JobBatch(BatchCommandBase command, BatchOptions options, BatchWork work)
    {
        _command = command;
        BatchJobSettings settings = new()
        {
            Command = work.Description,
            Name = command.Name,
            Activity = command.Activity,
            Total = command.ExpectedTotal,
            ShowsProgress = command.WantsProgress,
            StopsOnError = command.StopsOnError,
            ItemTimeoutSeconds = command.ItemTimeoutSeconds,
            TimeoutSeconds = command.TimeoutSeconds,
            MaxFailures = command.MaxFailures,
            JoinsBytes = work.WritesBytes,
        };
        _job = new BatchJob(settings, options, work.Workers);
        command.JobRepository.Add(_job);
        _job.Start(RunspaceSession.OwnerOf(Runspace.DefaultRunspace));
    }

    /// <inheritdoc/>
    public bool Add(object? input)
    {
        if (_job.Post(input))
        {
            return true;
        }

        // Stopped or failed before the input was read. Whoever started it gets it all the same, as it has something to say.
        End();
        return false;
    }

    /// <inheritdoc/>
    public bool AddSource(IInputSource source) => _job.AddSource(source);

    /// <inheritdoc/>
    public void End()
    {
        _job.EndInput();
        _command.WriteObject(_job);
    }

    /// <inheritdoc/>
    public void Stop() => _job.BeginStop();

    /// <summary>The job outlives its pipeline. It only gets no more input, also where what feeds this command threw.</summary>
    public void Dispose() => _job.EndInput();
}
