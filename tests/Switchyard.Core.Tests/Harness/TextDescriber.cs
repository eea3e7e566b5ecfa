using System.Globalization;
using System.Text;
using Switchyard.Core.Items;
using Switchyard.Core.Journal;

namespace Switchyard.Core.Harness;

/// <summary>Knows items by their text.</summary>
internal sealed class TextDescriber : IItemDescriber
{
    public ItemKey Identify(object? item) => ItemKey.Of(Encoding.UTF8.GetBytes(Text(item)));

    public ItemDescription Describe(object? item, bool isWhole) => new(ItemKind.Text, Text(item));

    public ErrorDescription? DescribeError(object error, bool hasFailed) => new("Test", error.ToString()!);

    private static string Text(object? item) => Convert.ToString(item, CultureInfo.InvariantCulture) ?? string.Empty;
}
