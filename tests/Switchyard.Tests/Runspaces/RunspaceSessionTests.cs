using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Runspaces;
using Switchyard.Core.Items;
using Switchyard.Runspaces.Sessions;
using Xunit;

namespace Switchyard.Tests.Runspaces;

/// <summary>Sessions go from batch to batch, and what stops one batch may be late.</summary>
public sealed class RunspaceSessionTests : IDisposable
{
    private readonly Runspace _caller = RunspaceFactory.CreateRunspace();
    private readonly RunspaceSession _session;
    private readonly object _first = new();
    private readonly object _second = new();

    public RunspaceSessionTests()
    {
        _caller.Open();
        SessionBaseline? baseline = null;
        _session = RunspaceSession.Open(InitialSessionState.CreateDefault2(), (PSHost)_caller.SessionStateProxy.GetVariable("Host"), ref baseline);
        _session.UseFor(_first);
        _session.UseFor(_second);
    }

    public void Dispose()
    {
        _session.Dispose();
        _caller.Dispose();
    }

    [Fact]
    public void A_stop_that_comes_late_does_not_reach_the_next_batch()
    {
        _session.Stop(_first);
        _session.StopItem(_first);
        Assert.False(_session.TryAbandon(_first));
        Run();
    }

    [Fact]
    public void A_stop_of_the_batch_that_has_it_does()
    {
        _session.Stop(_second);
        Assert.Throws<PipelineStoppedException>(Run);
    }

    [Fact]
    public void So_does_one_of_its_item()
    {
        _session.StopItem(_second);
        Assert.Throws<PipelineStoppedException>(Run);
        _session.AllowItems();
        Run();
    }

    [Fact]
    public void What_was_given_back_or_abandoned_is_not_stopped()
    {
        Assert.True(_session.TryAbandon(_second));
        Assert.False(_session.TryAbandon(_second));
        Assert.False(_session.TryEnterPool());
        _session.Stop(_second);
        Run();
    }

    private void Run()
    {
        using PowerShell step = PowerShell.Create().AddScript("1");
        _session.RunStep(gate: null, step, new NoSink(), isUserCode: false);
    }

    private sealed class NoSink : IItemSink
    {
        public void Write(RecordKind kind, object? value) => Assert.Fail($"{kind}: {value}");

        public void EnterUserCode()
        {
        }

        public void LeaveUserCode()
        {
        }

        public void Complete(in ItemEnd end)
        {
        }
    }
}
