using Switchyard.Engine;
using Switchyard.Errors;

namespace Switchyard.Streams;

/// <summary>The only code that writes to a cmdlet's pipeline. It stays on that pipeline's thread: the engine allows no other.</summary>
internal sealed class PipelineWriter(PSCmdlet cmdlet, double itemTimeoutSeconds) : IResultSink
{
    private readonly PSCmdlet _cmdlet = cmdlet;

    private readonly double _itemTimeoutSeconds = itemTimeoutSeconds;
    private Action<object?>? _write;

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
        if (result.Status == ItemStatus.TimedOut)
        {
            _cmdlet.WriteError(RunErrors.ItemTimedOut(result.Input, result.Duration, _itemTimeoutSeconds));
        }
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
        if (error.InvocationInfo is null)
        {
            // Of no command, it would be shown under the name of its category.
            error.CategoryInfo.Activity = _cmdlet.MyInvocation.MyCommand.Name;
        }

        if (error.Exception is StandardErrorException)
        {
            if (!EngineErrors.TryWriteStandardError(_cmdlet, error))
            {
                _cmdlet.Host.UI.WriteErrorLine(error.Exception.Message);
            }

            return;
        }

        EngineErrors.PreserveInvocationInfo(error);
        _cmdlet.WriteError(error);
    }
}
