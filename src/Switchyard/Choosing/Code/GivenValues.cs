using Switchyard.Choosing.Known;
using Switchyard.Choosing.Values;
using Switchyard.Parameters;
using Switchyard.Runspaces.Sessions;

namespace Switchyard.Choosing.Code;

/// <summary>What a body is given besides its items, each with a number of its own: by <c>$using:</c>, as variables, as arguments.</summary>
internal sealed class GivenValues
{
    /// <summary>The number of the item.</summary>
    public const int Item = 0;

    /// <summary>The number that all have together which the initialization script has made.</summary>
    public const int Initialized = 1;

    /// <summary>The number of the array in which a body is given several items: nobody else has it, but the items in it.</summary>
    public const int Group = 2;

    private const int First = 3;
    private const int Last = 63;

    // Many are looked through once, before the first item.
    private const int Limit = 200_000;

    private readonly Dictionary<string, Flow> _flows = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<(string Name, object? Value, Traits Traits)> _values = [];

    public GivenValues(SessionSettings settings, IReadOnlyList<object?> arguments, ValueTraits traits)
    {
        foreach (DictionaryEntry entry in settings.UsingValues ?? [])
        {
            Add(UsingValues.TextOf((string)entry.Key), entry.Value, traits);
        }

        foreach ((string name, object? value) in settings.Variables)
        {
            Add("$" + name, value, traits);
        }

        for (int i = 0; i < arguments.Count; i++)
        {
            Arguments |= Add($"-ArgumentList[{i}]", arguments[i], traits);
        }
    }

    /// <summary>What is given as arguments.</summary>
    public Flow Arguments { get; }

    /// <summary>All of it, and the item.</summary>
    public static Flow Anything { get; } = AnythingOf(new Flow(~(1UL << Initialized), 0, 0, 0, 0, 0, 0));

    public Flow Using(string text) => _flows.GetValueOrDefault(text);

    public Flow Variable(string name) => _flows.GetValueOrDefault("$" + name);

    /// <summary>Says why it cannot be given to a process, or not with what the code does with it.</summary>
    /// <returns>A phrase; null if it can.</returns>
    public string? WhyNot(BodyFindings findings)
    {
        findings.SettleComparisons(IsObject);
        for (int i = 0; i < _values.Count; i++)
        {
            (string name, object? value, Traits traits) = _values[i];
            if (traits == Traits.None)
            {
                return MessageText.Format(Messages.ThreadsForGivenType, name, ValueName.Of(value));
            }

            if (findings.TakesPaths && PSObjects.Unwrap(value) is string text && KnownNames.IsOfProcess(text))
            {
                return MessageText.Format(Messages.ThreadsForText, text);
            }

            if (findings.Changed.AreAmiss(NumberOf(i), traits))
            {
                return MessageText.Format(Messages.ThreadsForGivenChanged, name, ValueName.Of(value));
            }

            if (findings.HandedOn.AreAmiss(NumberOf(i), traits))
            {
                return MessageText.Format(Messages.ThreadsForGivenHandedOn, name, ValueName.Of(value));
            }
        }

        return findings.Changed.Contain(Initialized) ? Messages.ThreadsForInitialized : null;
    }

    private bool IsObject(Marks marks)
    {
        bool may = marks.Contain(Initialized);
        for (int i = 0; i < _values.Count && !may; i++)
        {
            may = marks.AreAmiss(NumberOf(i), _values[i].Traits);
        }

        return may;
    }

    private static Flow AnythingOf(Flow all) => all | all.Elements | all.Member;

    // The last number is for all that have none of their own.
    private static int NumberOf(int index) => Math.Min(First + index, Last);

    /// <summary>Those of which a change by the caller is to be seen.</summary>
    public IEnumerable<CallerWatch> Watches =>
        from given in _values
        where !given.Traits.HasFlag(Traits.IsPlain) && PSObjects.Unwrap(given.Value) is PSObject or ICollection
        select CallerWatch.OfValue(given.Name, PSObjects.Unwrap(given.Value)!);

    private Flow Add(string name, object? value, ValueTraits traits)
    {
        Flow flow = Flow.Of(NumberOf(_values.Count));
        Traits found = traits.Of(value, Limit);
        _values.Add((name, value, found));
        flow = flow with { IsTable = found.HasFlag(Traits.HasTable) };
        _flows[name] = _flows.GetValueOrDefault(name) | flow;
        return flow;
    }
}
