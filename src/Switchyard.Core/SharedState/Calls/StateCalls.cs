using Switchyard.Core.Protocol;
using Switchyard.Core.SharedState.Objects;
using static Switchyard.Core.SharedState.Calls.WireFormats;

namespace Switchyard.Core.SharedState.Calls;

/// <summary>All that another process can ask of a shared object: what is sent, what comes back, and what is done.</summary>
internal static class StateCalls
{
    public static readonly DirectCall<SharedObjectState, Nothing, Nothing> Dispose = new(None, None, static (state, _, _) =>
    {
        state.Dispose();
        return default;
    });

    public static readonly DirectCall<SharedObjectState, Nothing, int> CountElements = new(None, Count, static (state, _, _) => state switch
    {
        QueueState queue => queue.Count,
        DictionaryState dictionary => dictionary.Count,
        _ => throw new MalformedFrameException(Messages.SharedActionUnknown),
    });

    public static readonly DirectCall<CounterState, Nothing, long> CounterRead = new(None, Number, static (counter, _, _) => counter.Read());

    public static readonly DirectCall<CounterState, long, long> CounterAdd = new(Number, Number, static (counter, amount, _) => counter.Add(amount));

    public static readonly DirectCall<CounterState, (long Value, long Expected), long> CounterExchange =
        new(Pair(Number, Number), Number, static (counter, given, _) => counter.CompareExchange(given.Value, given.Expected));

    public static readonly WaitingCall<QueueState, object?, Nothing> Enqueue =
        new(Value, None, static (QueueState queue, object? value, in WaitLimit limit, StateServerConnection _, out Nothing nothing) =>
        {
            nothing = default;
            return queue.TryEnqueue(value, limit);
        });

    public static readonly WaitingCall<QueueState, Nothing, object?> Dequeue =
        new(None, Value, static (QueueState queue, Nothing _, in WaitLimit limit, StateServerConnection caller, out object? value) =>
        {
            bool isTaken = queue.TryDequeue(out value, limit);
            if (isTaken)
            {
                caller.Promise(queue, value);
            }

            return isTaken;
        });

    public static readonly DirectCall<QueueState, Nothing, Nothing> Complete = new(None, None, static (queue, _, _) =>
    {
        queue.Complete();
        return default;
    });

    public static readonly DirectCall<QueueState, Nothing, bool> QueueIsCompleted = new(None, Flag, static (queue, _, _) => queue.IsCompleted);

    public static readonly DirectCall<DictionaryState, object, (bool IsThere, (object? Value, long Version) Entry)> DictionaryGet =
        new(Key, Optional(Pair(Value, Number)), static (dictionary, key, _) =>
            dictionary.TryGet(key, out object? value, out long version) ? (true, (value, version)) : default);

    public static readonly DirectCall<DictionaryState, (object Key, object? Value), Nothing> DictionarySet =
        new(Pair(Key, Value), None, static (dictionary, given, _) =>
        {
            dictionary.Set(given.Key, given.Value);
            return default;
        });

    public static readonly DirectCall<DictionaryState, (object Key, object? Value), object?> DictionaryGetOrAdd =
        new(Pair(Key, Value), Value, static (dictionary, given, _) => dictionary.GetOrAdd(given.Key, given.Value));

    public static readonly DirectCall<DictionaryState, (object Key, (object? Initial, object Delta) Values), object?> DictionaryAddOrUpdate =
        new(Pair(Key, Pair(Value, Key)), Value, static (dictionary, given, _) => dictionary.AddOrUpdate(given.Key, given.Values.Initial, given.Values.Delta));

    public static readonly DirectCall<DictionaryState, (object Key, (object? Value, long Version) Entry), bool> DictionaryReplace =
        new(Pair(Key, Pair(Value, Number)), Flag, static (dictionary, given, _) => dictionary.TryReplace(given.Key, given.Entry.Value, given.Entry.Version));

    public static readonly DirectCall<DictionaryState, (object Key, (object? Value, object? Expected) Values), bool> DictionaryUpdate =
        new(Pair(Key, Pair(Value, Value)), Flag, static (dictionary, given, _) => dictionary.TryUpdate(given.Key, given.Values.Value, given.Values.Expected));

    public static readonly DirectCall<DictionaryState, object, (bool WasThere, object? Value)> DictionaryRemove =
        new(Key, Optional(Value), static (dictionary, key, _) => (dictionary.TryRemove(key, out object? value), value));

    public static readonly DirectCall<DictionaryState, Nothing, Nothing> DictionaryClear = new(None, None, static (dictionary, _, _) =>
    {
        dictionary.Clear();
        return default;
    });

    public static readonly DirectCall<DictionaryState, Nothing, IReadOnlyList<(object Key, object? Value)>> DictionarySnapshot =
        new(None, List(Pair(Key, Value)), static (dictionary, _, _) => [.. dictionary.Snapshot().Select(entry => (entry.Key, entry.Value))]);

    public static readonly WaitingCall<LockState, Nothing, bool> LockEnter =
        new(None, Flag, static (LockState state, Nothing _, in WaitLimit limit, StateServerConnection caller, out bool followsAbandoned) =>
        {
            ILockHold? hold = state.TryEnter(limit);
            followsAbandoned = hold?.FollowsAbandoned == true;
            if (hold is not null)
            {
                caller.Keep(hold);
            }

            return hold is not null;
        });

    public static readonly DirectCall<LockState, Nothing, Nothing> LockExit = new(None, None, static (_, _, caller) =>
    {
        caller.TakeHold()?.Exit();
        return default;
    });

    public static readonly DirectCall<LockState, Nothing, Nothing> LockAbandon = new(None, None, static (_, _, caller) =>
    {
        caller.TakeHold()?.Abandon();
        return default;
    });

    // A call's number between processes, which run the same version of this, is its place here.
    private static readonly StateCall[] _all =
    [
        Dispose, CountElements,
        CounterRead, CounterAdd, CounterExchange,
        Enqueue, Dequeue, Complete, QueueIsCompleted,
        DictionaryGet, DictionarySet, DictionaryGetOrAdd, DictionaryAddOrUpdate, DictionaryReplace, DictionaryUpdate, DictionaryRemove, DictionaryClear,
        DictionarySnapshot,
        LockEnter, LockExit, LockAbandon,
    ];

    public static byte NumberOf(StateCall call) => (byte)Array.IndexOf(_all, call);

    /// <exception cref="MalformedFrameException">There is no such call.</exception>
    public static StateCall Find(byte number) => number < _all.Length ? _all[number] : throw new MalformedFrameException(Messages.SharedActionUnknown);
}
