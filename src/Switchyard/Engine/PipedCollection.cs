using System.Management.Automation.Internal;
using System.Runtime.CompilerServices;

namespace Switchyard.Engine;

/// <summary>
/// Counts what a running command is still to be given, where that is a collection that is already there: <c>$list | ...</c>, <c>(Get-ChildItem) | ...</c>,
/// <c>1..1000 | ...</c>. The engine walks it by an enumerator that it keeps, and a copy of that can be walked beside it.
/// </summary>
internal static class PipedCollection
{
    /// <summary>Counts the objects that come, the present one among them.</summary>
    /// <param name="command">A command that is given its first object.</param>
    /// <returns>How many there are; null where a command makes them one by one, or it is not certain.</returns>
    public static long? Count(PSCmdlet command)
    {
        if (!command.MyInvocation.ExpectingInput)
        {
            return 1;
        }

        object? enumerator = EngineMembers.PipeEnumerator.Get(EngineMembers.InputPipe.Get(command.CommandRuntime));
        if (EngineMembers.EnumeratedArray.Get(enumerator) is Array array)
        {
            return Count(array);
        }

        if (EngineMembers.RangeStart.Get(enumerator) is int start && EngineMembers.RangeEnd.Get(enumerator) is int end)
        {
            return Math.Abs((long)end - start) + 1;
        }

        return enumerator is IEnumerator known && CopyOf(known) is { } copy ? CountRest(copy) : null;
    }

    private static long Count(Array array)
    {
        if (array is not object?[] objects)
        {
            return array.LongLength;
        }

        long count = 0;
        foreach (object? one in objects)
        {
            count += IsGiven(one) ? 1 : 0;
        }

        return count;
    }

    // These hold the collection and a place in it. Others hold more that a copy would share with the engine's, as a sorted set's its stack, or run code that is not known.
    private static readonly HashSet<Type> _copied =
    [
        typeof(List<>.Enumerator), typeof(HashSet<>.Enumerator), typeof(Queue<>.Enumerator), typeof(Stack<>.Enumerator), typeof(LinkedList<>.Enumerator),
        typeof(Dictionary<,>.Enumerator), typeof(Dictionary<,>.KeyCollection.Enumerator), typeof(Dictionary<,>.ValueCollection.Enumerator),
    ];

    private static IEnumerator? CopyOf(IEnumerator enumerator)
    {
        Type type = enumerator.GetType();
        return type.IsValueType
            ? type.IsGenericType && _copied.Contains(type.GetGenericTypeDefinition()) ? (IEnumerator)RuntimeHelpers.GetObjectValue(enumerator) : null
            : type.Namespace == typeof(ArrayList).Namespace && type.Assembly == typeof(ArrayList).Assembly ? (enumerator as ICloneable)?.Clone() as IEnumerator : null;
    }

    private static long? CountRest(IEnumerator rest)
    {
        long count = 1;
        try
        {
            while (rest.MoveNext())
            {
                count += IsGiven(rest.Current) ? 1 : 0;
            }
        }
        catch (InvalidOperationException)
        {
            // It was changed meanwhile, which will end the pipeline, too.
            return null;
        }

        return count;
    }

    // The engine passes over what stands for no output at all.
    private static bool IsGiven(object? one) => one != AutomationNull.Value;
}
