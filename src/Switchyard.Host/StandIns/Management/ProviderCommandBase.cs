using System.Collections.ObjectModel;
using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>What all commands on provider paths share: the context of their calls, dynamic parameters, errors per path.</summary>
public abstract class ProviderCommandBase : PSCmdlet, IDynamicParameters
{
    private object? _dynamicParameters;
    private ProviderContext? _running;

    /// <summary>Whether paths are taken as they are, without wildcards.</summary>
    protected virtual bool IsLiteral => false;

    /// <summary>Whether hidden and read-only things are touched.</summary>
    protected virtual bool IsForced => false;

    /// <summary>Whether the provider writes what it made into the pipeline. (Commands that read always write.)</summary>
    protected virtual bool IsPassedThru => true;

    /// <inheritdoc/>
    public object? GetDynamicParameters()
    {
        try
        {
            _dynamicParameters = GetDynamicParameters(CreateContext());
        }
        catch (SessionStateException)
        {
            // A path to nowhere has no provider to add parameters. That it leads nowhere is said when it is used.
            _dynamicParameters = null;
        }

        return _dynamicParameters;
    }

    /// <inheritdoc/>
    protected override void StopProcessing() => _running?.Stop();

    private protected virtual object? GetDynamicParameters(ProviderContext context) => null;

    /// <summary>Makes the context of one call.</summary>
    private protected ProviderContext CreateContext(bool? literal = null)
    {
        var context = new ProviderContext(this)
        {
            PassThru = IsPassedThru,
            Force = IsForced,
            Literal = literal ?? IsLiteral,
            DynamicParameters = _dynamicParameters,
        };
        SetFilters(context);
        _running = context;
        return context;
    }

    private protected virtual void SetFilters(ProviderContext context)
    {
    }

    /// <summary>Does something for each path; one that is not there is an error record, and the others go on.</summary>
    private protected void ForEachPath(string[] paths, Action<string> action)
    {
        foreach (string path in paths)
        {
            Attempt(() => action(path));
        }
    }

    /// <summary>Does something; a path that leads nowhere is an error record.</summary>
    private protected bool Attempt(Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (Exception error) when (error is IContainsErrorRecord
            and (PSNotSupportedException or PSArgumentException or PSInvalidOperationException or SessionStateException))
        {
            WriteError(new ErrorRecord(((IContainsErrorRecord)error).ErrorRecord, error));
            return false;
        }
    }

    /// <summary>The existing things that a path, maybe with wildcards, stands for.</summary>
    private protected Collection<PathInfo> ResolvePaths(string path) => SessionState.Path.Resolve(path, CreateContext());
}
