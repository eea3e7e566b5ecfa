using Switchyard.Core.SharedState;
using Switchyard.Core.SharedState.Objects;
using Switchyard.Errors;
using Switchyard.SharedState;

namespace Switchyard.Commands;

/// <summary>Makes what the caller, thread workers and process workers share: a queue, a dictionary, a counter, a lock.</summary>
[Cmdlet(VerbsCommon.New, "SharedState")]
[OutputType(typeof(SharedQueue), typeof(SharedDictionary), typeof(SharedCounter), typeof(SharedLock))]
public sealed class NewSharedStateCommand : PSCmdlet
{
    /// <summary>What is to be shared.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    public SharedKind Kind { get; set; }

    /// <summary>What it is called in messages. With several names, several are made.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string[] Name { get; set; } = [string.Empty];

    /// <summary>The most elements that wait in the queue: who puts more in waits for room. 0 for as many as come.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int Capacity { get; set; }

    /// <summary>What it begins with: the counter's number, the queue's elements, the dictionary's keys and values.</summary>
    [Parameter]
    [AllowNull]
    [AllowEmptyCollection]
    public object? Initial { get; set; }

    /// <summary>Tells keys of the dictionary apart by their case, which hashtables do not.</summary>
    [Parameter]
    public SwitchParameter CaseSensitive { get; set; }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        try
        {
            Check(nameof(Capacity), Kind is SharedKind.Queue);
            Check(nameof(Initial), Kind is not SharedKind.Lock);
            Check(nameof(CaseSensitive), Kind is SharedKind.Dictionary);
            foreach (string name in Name)
            {
                WriteObject(Create(name), enumerateCollection: false);
            }
        }
        catch (BatchException exception)
        {
            ThrowTerminatingError(exception.Record);
        }
        catch (ArgumentException exception)
        {
            ThrowTerminatingError(SharedStateErrors.InitialNotAllowed(Kind, Initial, exception).Record);
        }
    }

    private void Check(string parameter, bool isAllowed)
    {
        if (!isAllowed && MyInvocation.BoundParameters.ContainsKey(parameter))
        {
            throw SharedStateErrors.ParameterNotForKind(parameter, Kind);
        }
    }

    private SharedObject Create(string name) => Kind switch
    {
        SharedKind.Queue => CreateQueue(name),
        SharedKind.Dictionary => CreateDictionary(name),
        SharedKind.Counter => new SharedCounter(new CounterState(name, CounterStart())),
        _ => new SharedLock(new LockState(name)),
    };

    private long CounterStart()
    {
        if (PSObjects.Unwrap(Initial) is null)
        {
            return 0;
        }

        return LanguagePrimitives.TryConvertTo(Initial, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw new ArgumentException(Messages.NotWholeNumber);
    }

    private SharedQueue CreateQueue(string name)
    {
        QueueState queue = new(name, Capacity);
        IEnumerable elements = PSObjects.Unwrap(Initial) switch
        {
            null => Array.Empty<object>(),
            IList list => list,
            _ => new[] { Initial },
        };
        foreach (object? element in elements)
        {
            if (!queue.TryEnqueue(SharedValues.Check(element), WaitLimit.None))
            {
                throw new ArgumentException(MessageText.Format(Messages.MoreThanCapacity, Capacity));
            }
        }

        return new SharedQueue(queue);
    }

    private SharedDictionary CreateDictionary(string name)
    {
        DictionaryState dictionary = new(name, CaseSensitive, new SharedValues());
        if (PSObjects.Unwrap(Initial) is not (null or IDictionary))
        {
            throw new ArgumentException(Messages.NotHashtable);
        }

        foreach (DictionaryEntry entry in PSObjects.Unwrap(Initial) as IDictionary ?? new Hashtable())
        {
            dictionary.Set(SharedValues.CheckKey(entry.Key), SharedValues.Check(entry.Value));
        }

        return new SharedDictionary(dictionary);
    }
}
