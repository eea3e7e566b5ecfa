namespace Switchyard.Core.Journal;

/// <summary>An item as a journal tells of it.</summary>
/// <param name="Text">The item itself, for kinds that a text says all of; else something for people to know it by.</param>
/// <param name="Serialized">For <see cref="ItemKind.Other"/>, if the item may be wanted again: what it can be made from.</param>
internal readonly record struct ItemDescription(ItemKind Kind, string Text, string? Serialized = null);
