using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Switchyard.Engine;
using Xunit;

namespace Switchyard.Tests.Engine;

/// <summary>How many objects come is told where they are all there, and never wrong.</summary>
public sealed class PipedCollectionTests
{
    [Theory]
    [InlineData("$list = 1..5; $list | Measure-Piped")]
    [InlineData("1..5 | Measure-Piped")]
    [InlineData("5..1 | Measure-Piped")]
    [InlineData("1, 'two', $null, (, 4), 5 | Measure-Piped")]
    [InlineData("[int[]] (1..5) | Measure-Piped")]
    [InlineData("(1..5 | ForEach-Object { $_ }) | Measure-Piped")]
    [InlineData("[Collections.Generic.List[object]] (1..5) | Measure-Piped")]
    [InlineData("[Collections.Generic.List[int]] (1..5) | Measure-Piped")]
    [InlineData("[Collections.ArrayList] (1..5) | Measure-Piped")]
    [InlineData("[Collections.Generic.HashSet[int]] (1..5) | Measure-Piped")]
    [InlineData("[Collections.Generic.Queue[int]] (1..5) | Measure-Piped")]
    [InlineData("[Collections.Generic.Stack[int]] (1..5) | Measure-Piped")]
    [InlineData("[Collections.Generic.LinkedList[int]] (1..5) | Measure-Piped")]
    [InlineData("$all = [Collections.Generic.Dictionary[int, int]]::new(); 1..5 | ForEach-Object { $all[$_] = 1 }; $all.Values | Measure-Piped")]
    [InlineData("@{ a = 1; b = 2; c = 3; d = 4; e = 5 }.Keys | Measure-Piped")]
    [InlineData("$some = [object[]]::new(6); $some[3] = [Management.Automation.Internal.AutomationNull]::Value; $some | Measure-Piped")]
    [InlineData("function Measure-All { $input | Measure-Piped }; 1..5 | Measure-All")]
    public void CollectionThatIsThere(string script)
    {
        PSObject told = Assert.Single(Run(script));
        Assert.Equal("5 of 5", told.BaseObject);
    }

    [Theory]
    [InlineData("Measure-Piped -InputObject (1..5)")]
    [InlineData("Measure-Piped")]
    public void NothingPiped(string script) => Assert.Equal("1 of 1", Assert.Single(Run(script)).BaseObject);

    [Theory]
    [InlineData("1..5 | ForEach-Object { $_ } | Measure-Piped")]
    [InlineData("1..5 | Where-Object { $_ -gt 0 } | Measure-Piped")]
    [InlineData("& { 1..5 } | Measure-Piped")]
    [InlineData("$list = [Linq.Enumerable]::Range(1, 5); $list | Measure-Piped")]
    [InlineData("[Collections.Concurrent.ConcurrentQueue[int]] (1..5) | Measure-Piped")]
    [InlineData("[Collections.Generic.SortedSet[int]] (1..5) | Measure-Piped")]
    [InlineData("$all = [Collections.Generic.SortedDictionary[int, int]]::new(); 1..5 | ForEach-Object { $all[$_] = 1 }; $all.Keys | Measure-Piped")]
    [InlineData("$all = [Collections.Generic.SortedSet[int]] (1..9); $all.GetViewBetween(2, 6) | Measure-Piped")]
    [InlineData("$pipe = { Measure-Piped }.GetSteppablePipeline('Internal'); $pipe.Begin($true); 1..5 | ForEach-Object { $pipe.Process($_) }; $pipe.End()")]
    public void MadeOneByOne(string script) => Assert.Equal("? of 5", Assert.Single(Run(script)).BaseObject);

    private static List<PSObject> Run(string script)
    {
        InitialSessionState state = InitialSessionState.CreateDefault2();
        state.Commands.Add(new SessionStateCmdletEntry("Measure-Piped", typeof(MeasurePipedCommand), null));
        using PowerShell shell = PowerShell.Create(state);
        List<PSObject> output = [.. shell.AddScript(script).Invoke()];
        Assert.Empty(shell.Streams.Error);
        return output;
    }

    /// <summary>Tells how many objects were told to come, and how many came.</summary>
    [Cmdlet(VerbsDiagnostic.Measure, "Piped")]
    public sealed class MeasurePipedCommand : PSCmdlet
    {
        private long? _told;
        private int _came;

        /// <summary>One of them.</summary>
        [Parameter(ValueFromPipeline = true)]
        [AllowNull]
        public PSObject? InputObject { get; set; }

        /// <inheritdoc/>
        protected override void ProcessRecord()
        {
            if (_came++ == 0)
            {
                _told = PipedCollection.Count(this);
            }
        }

        /// <inheritdoc/>
        protected override void EndProcessing() => WriteObject($"{(_told is { } told ? told : "?")} of {_came}");
    }
}
