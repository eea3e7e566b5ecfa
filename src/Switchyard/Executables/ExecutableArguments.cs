using System.Collections.ObjectModel;
using Switchyard.Core.Executables.Arguments;
using Switchyard.Core.Processes;
using Switchyard.Errors;
using Switchyard.Parameters;

namespace Switchyard.Executables;

/// <summary>The arguments of a run's executable: what is the same for all items, and what is made for each.</summary>
internal sealed class ExecutableArguments
{
    private static readonly object[] _noArguments = [];

    // What is not known of an item before its group is complete is longer than it will be.
    private const long AnyNumber = 9_999_999_999;
    private const int AnySlot = 99_999;

    private readonly ArgumentElement[] _elements;
    private readonly bool _hasBlocks;

    public ExecutableArguments(IEnumerable<object?> elements, bool appendsItem)
    {
        _elements = [.. elements.Select(Create)];
        if (appendsItem && !Array.Exists(_elements, element => element.IsPlaceholder))
        {
            _elements = [.. _elements, new ArgumentElement("{}")];
        }

        _hasBlocks = Array.Exists(_elements, element => element.Block is not null);
    }

    /// <summary>The first element that is another for each item, as it was written; null if there is none.</summary>
    public string? FirstOfItem => Array.Find(_elements, element => element.DependsOnItem)?.Source;

    /// <summary>Whether the item's text is put into any.</summary>
    public bool NeedText => Array.Exists(_elements, element => element.Template?.NeedsText == true);

    /// <summary>Whether any is a block, which is evaluated in the caller's session.</summary>
    public bool HasBlocks => _hasBlocks;

    /// <summary>The first use of <c>$using:</c> in a block, which has none to take a variable from; null if there is none.</summary>
    public string? FirstUsing => _elements
        .Where(element => element.Block is not null)
        .SelectMany(element => UsingValues.Find(element.Block!.Ast))
        .FirstOrDefault()?.Extent.Text;

    /// <summary>The arguments that are the same however many items there are, and no shorter than they will be.</summary>
    public IEnumerable<string> OfNoItem =>
        _elements.Where(element => !element.IsOfItem).Select(element => element.Template!.Expand(new ArgumentValues(string.Empty, AnyNumber, AnySlot)));

    public IEnumerable<string> Sources => _elements.Select(element => element.Source);

    /// <summary>Evaluates the blocks for an item. On the pipeline's thread.</summary>
    /// <returns>The item with what they made; the item itself if there are none.</returns>
    public object? Prepare(object? item)
    {
        if (!_hasBlocks)
        {
            return item;
        }

        string?[] arguments = new string?[_elements.Length];
        try
        {
            for (int i = 0; i < _elements.Length; i++)
            {
                if (_elements[i].Block is { } block)
                {
                    arguments[i] = Evaluate(block, item);
                }
            }
        }
        catch (PipelineStoppedException)
        {
            throw;
        }
        catch (BatchException exception)
        {
            return new PreparedItem(item) { Failure = exception.Record };
        }
        catch (RuntimeException exception)
        {
            return new PreparedItem(item) { Failure = ExecutableErrors.ArgumentBlockFailed(item, exception) };
        }

        return new PreparedItem(item) { Arguments = arguments };
    }

    /// <summary>Makes the arguments for an item.</summary>
    /// <param name="prepared">What blocks have made; null if there are none.</param>
    public string[] Expand(in ArgumentValues values, PreparedItem? prepared)
    {
        string[] arguments = new string[_elements.Length];
        for (int i = 0; i < arguments.Length; i++)
        {
            arguments[i] = _elements[i].Template?.Expand(values) ?? prepared!.Arguments[i]!;
        }

        return arguments;
    }

    /// <summary>Makes the arguments for the items of a group: each element that is made of an item once for each of them.</summary>
    public string[] Expand(IReadOnlyList<(ArgumentValues Values, PreparedItem? Prepared)> items)
    {
        List<string> arguments = new(items.Count + _elements.Length);
        for (int i = 0; i < _elements.Length; i++)
        {
            for (int j = 0; j < (_elements[i].IsOfItem ? items.Count : 1); j++)
            {
                arguments.Add(_elements[i].Template?.Expand(items[j].Values) ?? items[j].Prepared!.Arguments[i]!);
            }
        }

        return [.. arguments];
    }

    /// <summary>Finds out how much of a command line is an item's.</summary>
    public long Measure(object? item, CommandLineSpace space)
    {
        PreparedItem? prepared = item as PreparedItem;
        string text;
        try
        {
            text = prepared?.Files?.FarText ?? ArgumentText.Of(prepared is null ? item : prepared.Item);
        }
        catch (RuntimeException exception)
        {
            // Its group will fail, and say why.
            Debug.WriteLine(exception);
            return 0;
        }

        ArgumentValues values = new(text, AnyNumber, AnySlot);
        long length = 0;
        for (int i = 0; i < _elements.Length; i++)
        {
            if (_elements[i].IsOfItem)
            {
                length += space.LengthOf(_elements[i].Template?.Expand(values) ?? prepared!.Arguments[i]!);
            }
        }

        return length;
    }

    /// <summary>Says what the arguments for an item will be, for people.</summary>
    /// <returns>
    /// The arguments, quoted where PowerShell would need that. A block stays as it is, as it may do something, and so do placeholders of
    /// what is not known before the item starts.
    /// </returns>
    public IEnumerable<string> Preview(object? item)
    {
        if (PSObjects.Unwrap(item) is SharedQueue)
        {
            return Sources;
        }

        string text = ItemText.Of(item);
        try
        {
            text = ArgumentText.Of(item);
        }
        catch (RuntimeException exception)
        {
            // Such an item will fail; here it is only shown.
            Debug.WriteLine(exception);
        }

        ArgumentValues values = new(text, Number: 0, Slot: 0);
        return _elements.Select(element => element.Template is { } template ? PowerShellText.Argument(template.Expand(values)) : element.Source);
    }

    private static ArgumentElement Create(object? element)
    {
        try
        {
            return new ArgumentElement(element);
        }
        catch (RuntimeException exception)
        {
            throw new BatchException(ExecutableErrors.ItemHasNoText(element, exception));
        }
    }

    private static string Evaluate(ScriptBlock block, object? item)
    {
        Collection<PSObject> values = block.InvokeWithContext(null, [new PSVariable("_", item)], _noArguments);
        return values.Count == 1 && values[0] is { } value
            ? ArgumentText.Of(value)
            : throw (values.Count == 1 ? ExecutableErrors.ArgumentIsNull(item, block) : ExecutableErrors.ArgumentNotOneValue(item, block, values.Count));
    }
}
