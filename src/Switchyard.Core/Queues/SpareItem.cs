using System.Diagnostics.CodeAnalysis;

namespace Switchyard.Core.Queues;

/// <summary>Finds something for a taker of an empty queue.</summary>
internal delegate bool SpareItem<T>(QueueTaker<T> taker, [MaybeNullWhen(false)] out T item);
