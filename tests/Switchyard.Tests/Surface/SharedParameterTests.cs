using System.Management.Automation;
using Switchyard.Journal;
using Switchyard.Tests.Harness;
using Xunit;

namespace Switchyard.Tests.Surface;

/// <summary>What both Invoke commands have is the same in both, but for what only one of them can have.</summary>
public sealed class SharedParameterTests
{
    private static readonly string[] _ofThreads = ["FreshRunspace"];

    private static readonly string[] _ofProcesses =
    [
        "CrashRetryCount", "FreshProcess", "IdleTimeoutSeconds", "MaxItemsPerWorker", "MaxWorkerMemoryMB", "NoReuse", "PowerShellPath",

        // Of other machines, which no thread is on.
        "CallbackInterface", "CallbackPort", "CleanUp", "HostName", "JobTemplate", "KeyFilePath", "LaunchCommand", "Options", "Port", "ReceiveFile", "SendFile", "SendModule", "Slurm",
        "SlurmOption", "Speculate", "UserName", "WorkersPerHost",
    ];

    // Processes have a folder and an environment of their own, so there they go with a script block as well.
    private static readonly string[] _inMoreSets = ["Environment", "WorkingDirectory"];

    private static readonly IReadOnlyList<ParameterMetadata> _threads = Cmdlets.ParametersOf("Invoke-ThreadedBatch");
    private static readonly IReadOnlyList<ParameterMetadata> _processes = Cmdlets.ParametersOf("Invoke-ProcessBatch");

    [Fact]
    public void Both_have_the_same_parameters_but_for_those_that_only_one_can_have() => Assert.Equal(
        _threads.Select(parameter => parameter.Name).Except(_ofThreads).Order(),
        _processes.Select(parameter => parameter.Name).Except(_ofProcesses).Order());

    [Fact]
    public void What_both_have_has_one_type_the_same_aliases_attributes_and_sets() => Assert.All(
        _threads.ExceptBy(_ofThreads, parameter => parameter.Name),
        parameter =>
        {
            ParameterMetadata other = _processes.Single(candidate => candidate.Name == parameter.Name);
            Assert.Equal(parameter.ParameterType, other.ParameterType);
            Assert.Equal(parameter.Aliases, other.Aliases);
            Assert.Equal(Describe(parameter.Attributes), Describe(other.Attributes));
            if (!_inMoreSets.Contains(parameter.Name))
            {
                Assert.Equal(parameter.ParameterSets.Keys.Order(), other.ParameterSets.Keys.Order());
            }
        });

    [Fact]
    public void Invoke_Batch_has_what_both_have_and_what_is_told_of_a_choice()
    {
        IReadOnlyList<ParameterMetadata> chosen = Cmdlets.ParametersOf("Invoke-Batch");

        Assert.Equal(
            _threads.Select(parameter => parameter.Name).Except(_ofThreads).Concat(["Fresh", "ReportPath", "ReportVariable"]).Order(),
            chosen.Select(parameter => parameter.Name).Order());
        Assert.All(
            _threads.ExceptBy(_ofThreads, parameter => parameter.Name),
            parameter => Assert.Equal(parameter.ParameterSets.Keys.Order(), chosen.Single(other => other.Name == parameter.Name).ParameterSets.Keys.Order()));
    }

    [Fact]
    public void What_an_item_does_or_how_often_is_compared_by_Resume()
    {
        string[] ofNoConcern =
        [
            "AsJob", "AsResult", "CloneSession", "CompletionScript", "FreshRunspace", "GraceSeconds", "InputObject", "JournalPath", "JournalSync", "KeepOrder", "Name",
            "Resume", "TimeoutSeconds", "TotalCount", "WeightProperty",
        ];

        Assert.Equal(
            _threads.Select(parameter => parameter.Name).Except(ofNoConcern).Except(PSCmdlet.CommonParameters).Except(PSCmdlet.OptionalCommonParameters).Order(),
            JournalSettings.Compared.Order());
    }

    [Fact]
    public void Measure_Bottleneck_takes_the_work_as_they_do() => Assert.All(
        Cmdlets.ParametersOf("Measure-Bottleneck").IntersectBy(_threads.Select(parameter => parameter.Name), parameter => parameter.Name),
        parameter =>
        {
            ParameterMetadata other = _threads.Single(candidate => candidate.Name == parameter.Name);
            Assert.Equal(parameter.ParameterType, other.ParameterType);
            Assert.Equal(parameter.Aliases, other.Aliases);
        });

    // An attribute is what it is by its values, and not by which object it is.
    private static IEnumerable<string> Describe(IEnumerable<Attribute> attributes) => attributes
        .Where(attribute => attribute is not ParameterAttribute && attribute.GetType().Namespace != "System.Runtime.CompilerServices")
        .Select(attribute => attribute.GetType().Name + ": " + string.Join(' ', attribute.GetType().GetProperties().Select(property => $"{property.GetValue(attribute)}")))
        .Order();
}
