using System.Management.Automation;
using Switchyard.Tests.Harness;
using Xunit;

namespace Switchyard.Tests.Surface;

/// <summary>Where the values of a parameter can be known, Tab knows them.</summary>
public sealed class CompletionTests
{
    // Anything else that takes a text or a number is free text, a path that the shell completes by itself, or listed here with its reason.
    [Fact]
    public void Each_parameter_with_known_values_has_a_completer() => Assert.All(
        Cmdlets.All.SelectMany(cmdlet => Cmdlets.ParametersOf(cmdlet.Name))
            .Where(parameter => parameter.Name is "ModuleName" or "FunctionName" or "FilePath" or "PowerShellPath" or "Encoding" or "ArgumentList" or "Id"),
        parameter => Assert.Contains(parameter.Attributes, attribute => attribute is ArgumentCompleterAttribute));
}
