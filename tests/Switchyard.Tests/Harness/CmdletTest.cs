namespace Switchyard.Tests.Harness;

/// <summary>A test of a cmdlet in an engine of its own, which must leave nothing behind.</summary>
public abstract class CmdletTest : IDisposable
{
    /// <summary>How long a test waits for what must come; only a failing one waits that long.</summary>
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly LeakCheck _leaks = new();

    internal HostedPipeline Pipeline { get; } = new();

    public void Dispose()
    {
        Pipeline.Dispose();
        CleanUp();
        _leaks.AssertNothingLeft();
        GC.SuppressFinalize(this);
    }

    /// <summary>Removes what a test has made besides.</summary>
    protected virtual void CleanUp()
    {
    }

    internal HostedResult Run(string script, params (string Name, object? Value)[] variables) => Pipeline.Run(script, variables);
}
