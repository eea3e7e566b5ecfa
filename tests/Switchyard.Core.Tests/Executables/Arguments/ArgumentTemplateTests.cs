using System.Globalization;
using System.Text.RegularExpressions;
using CsCheck;
using Switchyard.Core.Harness;

namespace Switchyard.Core.Executables.Arguments;

public sealed partial class ArgumentTemplateTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("{}", "d/x.y.z")]
    [InlineData("{.}|{/}|{//}|{/.}|{#}|{%}", "d/x.y|x.y.z|d|x.y|7|3")]
    [InlineData("-o{.}.mp3", "-od/x.y.mp3")]
    [InlineData("{{}}", "{}")]
    [InlineData("{{{}}}", "{d/x.y.z}")]
    [InlineData("{{{{}}}}", "{{}}")]
    [InlineData("{}}", "d/x.y.z}")]
    [InlineData("{}}}", "d/x.y.z}")]
    [InlineData("{{.}}", "{.}")]
    [InlineData("{", "{")]
    [InlineData("}", "}")]
    [InlineData("{foo}", "{foo}")]
    [InlineData("{ }", "{ }")]
    [InlineData("{\"a\":1}", "{\"a\":1}")]
    [InlineData("{///}{..}", "{///}{..}")]
    public void Placeholders_are_replaced_and_other_braces_stay(string text, string expected) =>
        Assert.Equal(expected, ArgumentTemplate.Parse(text).Expand(new ArgumentValues("d/x.y.z", 7, 3)));

    [Theory]
    [InlineData("x", false, false)]
    [InlineData("{{}}", false, false)]
    [InlineData("{foo}", false, false)]
    [InlineData("{%}", true, false)]
    [InlineData("{#}", true, true)]
    [InlineData("x{/.}", true, true)]
    public void It_knows_what_it_depends_on(string text, bool hasPlaceholder, bool dependsOnItem)
    {
        ArgumentTemplate template = ArgumentTemplate.Parse(text);
        Assert.Equal(hasPlaceholder, template.HasPlaceholder);
        Assert.Equal(dependsOnItem, template.DependsOnItem);
    }

    [Fact]
    public void It_expands_as_a_naive_replacement_does_and_never_what_was_put_in() =>
        Gen.Select(Texts.Any, Texts.Any, Gen.Long[1, long.MaxValue], Gen.Int[1, 500]).Sample((text, item, number, slot) =>
        {
            ArgumentValues values = new(item, number, slot);
            Assert.Equal(ExpandNaively(text, values), ArgumentTemplate.Parse(text).Expand(values));
        });

    [Fact]
    public void A_literal_and_an_item_are_whatever_they_are() => Texts.Any.Sample(text =>
    {
        ArgumentValues values = new(text, 1, 1);
        Assert.Same(text, ArgumentTemplate.Parse("{}").Expand(values));
        Assert.Same(text, ArgumentTemplate.Literal(text).Expand(values));
    });

    [Fact]
    public void Without_placeholders_it_makes_one_string_for_all_items()
    {
        ArgumentTemplate template = ArgumentTemplate.Parse("a{{b}}c");
        Assert.Same(template.Expand(new ArgumentValues("x", 1, 1)), template.Expand(new ArgumentValues("y", 2, 1)));
    }

    [Fact]
    public void Long_texts_and_items_stay_whole()
    {
        string item = string.Concat(Enumerable.Repeat("😀{}", 25_000));
        string text = string.Concat(Enumerable.Repeat("{{x", 33_000)) + "{}";
        Assert.Equal(text.Replace("{{", "{", StringComparison.Ordinal)[..^2] + item, ArgumentTemplate.Parse(text).Expand(new ArgumentValues(item, 1, 1)));
    }

    private static string ExpandNaively(string text, ArgumentValues values)
    {
        string name = values.Item[(values.Item.LastIndexOfAny([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar]) + 1)..];
        return Braces().Replace(text, match => match.Value switch
        {
            "{{" => "{",
            "}}" => "}",
            "{}" => values.Item,
            "{.}" => values.Item[..^name.Length] + CutExtension(name),
            "{/}" => name,
            "{//}" => ItemPath.Folder(values.Item),
            "{/.}" => CutExtension(name),
            "{#}" => values.Number.ToString(CultureInfo.InvariantCulture),
            _ => values.Slot.ToString(CultureInfo.InvariantCulture),
        });
    }

    private static string CutExtension(string name) => name.Contains('.', StringComparison.Ordinal) ? name[..name.LastIndexOf('.')] : name;

    [GeneratedRegex(@"\{\{|\}\}|\{(\.|/|//|/\.|#|%)?\}")]
    private static partial Regex Braces();
}
