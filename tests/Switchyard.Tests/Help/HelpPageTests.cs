using System.Management.Automation;
using Switchyard.Tests.Harness;
using Xunit;

namespace Switchyard.Tests.Help;

/// <summary>The pages say what the commands are.</summary>
public sealed class HelpPageTests
{
    public static TheoryData<string> Names => Cmdlets.Names;

    [Fact]
    public void Each_command_has_a_page_and_each_page_a_command()
    {
        string[] pages = [.. Directory.EnumerateFiles(HelpPage.Folder, "*-*.md").Select(file => Path.GetFileNameWithoutExtension(file)!).Order()];

        Assert.Equal(13, pages.Length);
        Assert.Equal(Cmdlets.All.Select(cmdlet => cmdlet.Name).Order(), pages);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_page_leaves_nothing_to_be_filled_in(string name)
    {
        HelpPage page = HelpPage.Read(name);

        Assert.DoesNotContain("{{ ", page.Text.Replace("`{{` and `}}`", string.Empty, StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.True(page.Synopsis.Length > 20, page.Synopsis);
        Assert.True(page.Description.Length > 200, page.Description);
        Assert.True(page.Examples.Count() >= 3);
        Assert.All(page.Examples, example => Assert.NotEmpty(example.Text));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_page_tells_of_exactly_the_parameters_that_there_are(string name)
    {
        IReadOnlyDictionary<string, ParameterText> texts = HelpPage.Read(name).Parameters;

        Assert.Equal(Cmdlets.ParametersOf(name).Select(parameter => parameter.Name).Order(), texts.Keys.Order());
        Assert.All(texts, text => Assert.True(text.Value.Text.Length > 10, $"-{text.Key} lacks text."));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_page_has_each_parameters_type_aliases_sets_and_values(string name)
    {
        IReadOnlyDictionary<string, ParameterText> texts = HelpPage.Read(name).Parameters;

        foreach (ParameterMetadata parameter in Cmdlets.ParametersOf(name))
        {
            ParameterText text = texts[parameter.Name];
            Assert.Equal(parameter.ParameterType.FullName, text["Type"]);
            Assert.Equal(parameter.Aliases.Order(), text.Aliases.Order());
            Assert.Equal(ParameterSetsOf(parameter).Order(), text.Sets.Order());
            Type element = parameter.ParameterType.IsArray ? parameter.ParameterType.GetElementType()! : parameter.ParameterType;
            Assert.Equal(element.IsEnum ? Enum.GetNames(element) : [], text.AcceptedValues);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_page_has_the_default_of_each_number_that_has_one(string name)
    {
        object command = Activator.CreateInstance(Cmdlets.Get(name).ImplementingType)!;
        IReadOnlyDictionary<string, ParameterText> texts = HelpPage.Read(name).Parameters;

        foreach (ParameterMetadata parameter in Cmdlets.ParametersOf(name).Where(parameter => parameter.ParameterType == typeof(double)))
        {
            double value = (double)command.GetType().GetProperty(parameter.Name)!.GetValue(command)!;
            Assert.Equal(
                $"{parameter.Name} DefaultValue: {(value == 0 ? string.Empty : value)}", $"{parameter.Name} DefaultValue: {texts[parameter.Name]["DefaultValue"]}");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_page_has_the_outputs_that_are_declared(string name) =>
        Assert.Equal(Cmdlets.Get(name).OutputType.Select(output => output.Name).Distinct().Order(), HelpPage.Read(name).Outputs.Order());

    [Theory]
    [MemberData(nameof(Names))]
    public void Parameters_that_two_commands_share_are_told_of_alike(string name)
    {
        IReadOnlyDictionary<string, ParameterText> texts = HelpPage.Read(name).Parameters;
        IReadOnlyDictionary<string, ParameterText> threads = HelpPage.Read("Invoke-ThreadedBatch").Parameters;
        string[] differ = ["ThrottleLimit", "TotalCount", "ScriptBlock", "WorkingDirectory", "Environment", "ItemTimeoutSeconds", "Name", "AutoThrottle", "InputObject"];

        Assert.All(
            texts.Keys.Where(key => threads.ContainsKey(key) && !differ.Contains(key)),
            key => Assert.Equal(threads[key].Text, texts[key].Text));
    }

    private static IEnumerable<string> ParameterSetsOf(ParameterMetadata parameter) => parameter.ParameterSets.Select(set => string.Join(
        ' ',
        set.Key == ParameterAttribute.AllParameterSets ? "(All)" : set.Key,
        set.Value.Position == int.MinValue ? "Named" : $"{set.Value.Position}",
        Word(set.Value.IsMandatory),
        Word(set.Value.ValueFromPipeline),
        Word(set.Value.ValueFromPipelineByPropertyName)));

    private static string Word(bool value) => value ? "true" : "false";
}
