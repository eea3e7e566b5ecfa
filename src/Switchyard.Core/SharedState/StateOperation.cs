namespace Switchyard.Core.SharedState;

/// <summary>What is to be done with a shared object of another process.</summary>
internal enum StateOperation : byte
{
    CounterRead = 1,
    CounterAdd,
    CounterExchange,
    Enqueue,
    Dequeue,
    Complete,
    QueueCount,
    QueueIsCompleted,
    DictionaryGet,
    DictionarySet,
    DictionaryGetOrAdd,
    DictionaryAddOrUpdate,
    DictionaryReplace,
    DictionaryUpdate,
    DictionaryRemove,
    DictionaryClear,
    DictionaryCount,
    DictionarySnapshot,
    LockEnter,
    LockExit,
    LockAbandon,
    Dispose,
}
