using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for Get-Random.</summary>
[Cmdlet(VerbsCommon.Get, "Random", DefaultParameterSetName = NumberSet)]
[OutputType(typeof(int), typeof(long), typeof(double))]
public sealed class GetRandomCommand : PSCmdlet
{
    private const string NumberSet = "RandomNumberParameterSet";
    private const string ListSet = "RandomListItemParameterSet";
    private const string ShuffleSet = "ShuffleParameterSet";

    // A seed counts for all later calls in its runspace; the table lets go of runspaces that end.
    private static readonly ConditionalWeakTable<Runspace, Random> Seeded = [];

    private readonly List<object?> _items = [];

    [Parameter]
    [ValidateNotNull]
    public int? SetSeed { get; set; }

    [Parameter(ParameterSetName = NumberSet, Position = 0)]
    public object? Maximum { get; set; }

    [Parameter(ParameterSetName = NumberSet)]
    public object? Minimum { get; set; }

    [Parameter(ParameterSetName = ListSet, ValueFromPipeline = true, Position = 0, Mandatory = true)]
    [Parameter(ParameterSetName = ShuffleSet, ValueFromPipeline = true, Position = 0, Mandatory = true)]
    [AllowNull]
    public object[]? InputObject { get; set; }

    [Parameter(ParameterSetName = NumberSet)]
    [Parameter(ParameterSetName = ListSet)]
    [ValidateRange(1, int.MaxValue)]
    public int Count { get; set; } = 1;

    [Parameter(ParameterSetName = ShuffleSet, Mandatory = true)]
    public SwitchParameter Shuffle { get; set; }

    private static Random Source => Seeded.TryGetValue(Runspace.DefaultRunspace, out Random? seeded) ? seeded : Random.Shared;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        if (SetSeed is { } seed)
        {
            // Repeatable numbers are what a seed is for.
#pragma warning disable CA5394
            Seeded.AddOrUpdate(Runspace.DefaultRunspace, new Random(seed));
#pragma warning restore CA5394
        }

        if (ParameterSetName == NumberSet)
        {
            for (int i = 0; i < Count; i++)
            {
                WriteNumber();
            }
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName != NumberSet)
        {
            _items.AddRange(InputObject ?? [null!]);
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (ParameterSetName == NumberSet)
        {
            return;
        }

        int wanted = Shuffle ? _items.Count : Math.Min(Count, _items.Count);
        for (int i = 0; i < wanted; i++)
        {
            int other = (int)NextInteger(i, _items.Count);
            (_items[i], _items[other]) = (_items[other], _items[i]);
            WriteObject(_items[i]);
        }
    }

    private void WriteNumber()
    {
        object low = Number(Minimum) ?? 0;
        object high = Number(Maximum) ?? (low is double ? double.MaxValue : low is long ? (object)long.MaxValue : int.MaxValue);
        if (low is double || high is double)
        {
            double from = LanguagePrimitives.ConvertTo<double>(low);
            double to = LanguagePrimitives.ConvertTo<double>(high);
            RequireOrder(from < to, low, high);
            WriteObject(from + (NextDouble() * (to - from)));
            return;
        }

        long first = LanguagePrimitives.ConvertTo<long>(low);
        long end = LanguagePrimitives.ConvertTo<long>(high);
        RequireOrder(first < end, low, high);
        long next = NextInteger(first, end);
        WriteObject(low is long || high is long ? next : (object)(int)next);
    }

    // Security has the real command Get-SecureRandom: here the generator must be repeatable.
#pragma warning disable CA5394
    private static double NextDouble() => Source.NextDouble();

    private static long NextInteger(long first, long end) => Source.NextInt64(first, end);
#pragma warning restore CA5394

    private static object? Number(object? value)
    {
        object? plain = value is PSObject { BaseObject: var inner } ? inner : value;
        return plain switch
        {
            null => null,
            int or long or double => plain,
            float or decimal => LanguagePrimitives.ConvertTo<double>(plain),
            string text => LanguagePrimitives.TryConvertTo(text, out int small) ? small
                : LanguagePrimitives.TryConvertTo(text, out long large) ? large
                : LanguagePrimitives.ConvertTo<double>(text),
            _ => LanguagePrimitives.TryConvertTo(plain, out int small) ? small : LanguagePrimitives.ConvertTo<long>(plain),
        };
    }

    private void RequireOrder(bool inOrder, object low, object high)
    {
        if (!inOrder)
        {
            var error = new ArgumentException($"The Minimum value ({low}) cannot be greater than or equal to the Maximum value ({high}).");
            ThrowTerminatingError(new ErrorRecord(error, "MinGreaterThanOrEqualMax", ErrorCategory.InvalidArgument, null));
        }
    }
}
