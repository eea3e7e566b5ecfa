using Switchyard.Jobs;

namespace Switchyard.Commands;

/// <summary>A batch that runs as a job: its pipeline only passes input on, and gets the job.</summary>
internal sealed class JobBatch(PSCmdlet cmdlet, BatchJob job) : IBatchFront
{
    public bool Add(object? input)
    {
        if (job.Post(input))
        {
            return true;
        }

        // Stopped or failed before the input was read. The job is written all the same, as it has something to say.
        End();
        return false;
    }

    public bool AddSource(IInputSource source) => job.AddSource(source);

    public void End()
    {
        job.EndInput();
        cmdlet.WriteObject(job);
    }

    public void Stop() => job.BeginStop();

    /// <summary>The job outlives its pipeline. It only gets no more input, also where a command before this one threw.</summary>
    public void Dispose() => job.EndInput();
}
