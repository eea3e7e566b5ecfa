using System.Collections.Concurrent;

namespace Switchyard.Measuring;

/// <summary>Finds what only threads can share: a lock that is copied to another process locks nothing there.</summary>
internal static class SharedObjects
{
    private static readonly Type[] _types =
    [
        typeof(WaitHandle), typeof(SemaphoreSlim), typeof(ManualResetEventSlim), typeof(CountdownEvent), typeof(Barrier), typeof(ReaderWriterLockSlim),
        typeof(CancellationTokenSource), typeof(IProducerConsumerCollection<>), typeof(ConcurrentDictionary<,>), typeof(BlockingCollection<>),
    ];

    /// <summary>Looks through the values that a body is given.</summary>
    /// <returns>Name and type of the first such value; null if there is none.</returns>
    public static (string Name, Type Type)? Find(IEnumerable<KeyValuePair<string, object?>> values)
    {
        foreach ((string name, object? value) in values)
        {
            object? bare = PSObjects.Unwrap(value);
            if (bare is not null && (IsShared(bare.GetType()) || bare is Hashtable { IsSynchronized: true } or ArrayList { IsSynchronized: true }))
            {
                return (name, bare.GetType());
            }
        }

        return null;
    }

    // An object of no use but to be locked.
    private static bool IsShared(Type type) =>
        type == typeof(object) || Array.Exists(_types, shared => Is(type, shared)) || type.GetInterfaces().Any(known => Array.Exists(_types, shared => Is(known, shared)));

    private static bool Is(Type type, Type shared) =>
        shared.IsGenericTypeDefinition ? type.IsGenericType && type.GetGenericTypeDefinition() == shared : shared.IsAssignableFrom(type);
}
