using Switchyard.Engine;

namespace Switchyard.Streams;

/// <summary>The only code that writes to a cmdlet's pipeline. It stays on that pipeline's thread: the engine allows no other.</summary>
/// <param name="stop">
/// Stops the run at the first error, which is then kept until everything else is written; null to write it at once, after which the engine
/// may take nothing more.
/// </param>
internal sealed class PipelineWriter(PSCmdlet cmdlet, double itemTimeoutSeconds, Action? stop = null) : IResultSink
{
    private readonly PSCmdlet _cmdlet = cmdlet;

    private readonly double _itemTimeoutSeconds = itemTimeoutSeconds;
    private readonly Action? _stop = stop;
    private Action<object?>? _write;

    /// <summary>The error that stopped the run, to be written at its end.</summary>
    public ErrorRecord? StoppedBy { get; private set; }

    /// <summary>Writes a record to the stream that it came from, under the caller's preferences if the body has not let it through.</summary>
    public void Write(in ItemRecord record)
    {
        if (record.Value is ShownRecord shown && record.Kind != RecordKind.Output)
        {
            EngineStreams.Show(_cmdlet, shown.Record);
            return;
        }

        switch (record.Kind)
        {
            case RecordKind.Output:
                WriteObject(record.Value);
                break;
            case RecordKind.Error:
                WriteError((ErrorRecord)record.Value!);
                break;
            case RecordKind.Warning:
                _cmdlet.WriteWarning(((WarningRecord)record.Value!).Message);
                break;
            case RecordKind.Verbose:
                _cmdlet.WriteVerbose(((VerboseRecord)record.Value!).Message);
                break;
            case RecordKind.Debug:
                _cmdlet.WriteDebug(((DebugRecord)record.Value!).Message);
                break;
            case RecordKind.Information:
                _cmdlet.WriteInformation((InformationRecord)record.Value!);
                break;
            case RecordKind.Progress:
                _cmdlet.WriteProgress((ProgressRecord)record.Value!);
                break;
            default:
                throw new InvalidOperationException($"A record of kind {record.Kind} is not for a pipeline.");
        }
    }

    public void Complete(ItemResult result)
    {
        if (ItemErrors.Of(result, _itemTimeoutSeconds) is { } error)
        {
            WriteError(error);
        }
    }

    /// <summary>Whether what a write has thrown says only that nothing more is wanted.</summary>
    public bool WantsNoMore(Exception exception) => exception is PipelineStoppedException && EnginePipelines.HasEnough(_cmdlet);

    /// <summary>Writes the error that has stopped the run, which ends the pipeline if the caller says so.</summary>
    public void WriteLast(ErrorRecord error)
    {
        Sign(error);
        EngineErrors.PreserveInvocationInfo(error);
        _cmdlet.WriteError(error);
    }

    private void WriteObject(object? value)
    {
        if (_cmdlet.Stopping)
        {
            throw new PipelineStoppedException();
        }

        // Not before the first object: until then the pipeline may not have been put together.
        _write ??= EnginePipelines.BindWriteObject(_cmdlet);
        _write(value);
    }

    private void WriteError(ErrorRecord error)
    {
        if (error.Exception is StandardErrorException)
        {
            Sign(error);
            if (!EngineErrors.TryWriteStandardError(_cmdlet, error))
            {
                _cmdlet.Host.UI.WriteErrorLine(error.Exception.Message);
            }

            return;
        }

        if (_stop is null)
        {
            WriteLast(error);
            return;
        }

        // Of those that come after it, a pipeline would not have come to any.
        if (StoppedBy is null)
        {
            StoppedBy = error;
            _stop();
        }
    }

    // Of no command, it would be shown under the name of its category.
    private void Sign(ErrorRecord error)
    {
        if (error.InvocationInfo is null)
        {
            error.CategoryInfo.Activity = _cmdlet.MyInvocation.MyCommand.Name;
        }
    }
}
