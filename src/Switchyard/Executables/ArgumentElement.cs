using Switchyard.Core.Executables.Arguments;

namespace Switchyard.Executables;

/// <summary>One element of an executable's argument list: a text with placeholders, or a script block that makes the argument.</summary>
internal sealed class ArgumentElement
{
    /// <param name="element">A string, which may hold placeholders; a script block; anything else is its text and no more.</param>
    public ArgumentElement(object? element)
    {
        object? value = PSObjects.Unwrap(element);
        Block = value as ScriptBlock;
        if (Block is null)
        {
            Template = value is string text ? ArgumentTemplate.Parse(text) : ArgumentTemplate.Literal(ArgumentText.Of(element));
        }

        Source = value is ScriptBlock block ? $"{{{block}}}" : value as string ?? ArgumentText.Of(element);
    }

    /// <summary>The block; null if it is a text.</summary>
    public ScriptBlock? Block { get; }

    /// <summary>The text; null if it is a block.</summary>
    public ArgumentTemplate? Template { get; }

    public string Source { get; }

    /// <summary>Whether it stands for the item or a part of the run, so that the item need not be appended.</summary>
    public bool IsPlaceholder => Block is not null || Template!.HasPlaceholder;

    /// <summary>Whether it is made of the item itself: of several items it makes as many arguments.</summary>
    public bool IsOfItem => Block is not null || Template!.NeedsText;

    public bool DependsOnItem => Block is not null || Template!.DependsOnItem;
}
