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

    // Those of .NET's own collections read nothing but the collection. What another type's would do is not known.
    private static IEnumerator? CopyOf(IEnumerator enumerator)
    {
        Type type = enumerator.GetType();
        bool isKnown = type.Assembly == typeof(List<>).Assembly || type.Assembly == typeof(SortedSet<>).Assembly;
        return !isKnown || type.Namespace?.StartsWith("System.Collections", StringComparison.Ordinal) != true ? null
            : type.IsValueType ? (IEnumerator)RuntimeHelpers.GetObjectValue(enumerator)
            : (enumerator as ICloneable)?.Clone() as IEnumerator;
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
