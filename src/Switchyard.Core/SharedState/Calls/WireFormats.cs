using Switchyard.Core.Protocol;

namespace Switchyard.Core.SharedState.Calls;

/// <summary>The formats that calls of shared objects are made of.</summary>
internal static class WireFormats
{
    public static WireFormat<Nothing> None { get; } = new(static (_, _, _) => { }, static (_, _) => default);

    public static WireFormat<long> Number { get; } = new(static (writer, _, value) => writer.WriteSigned(value), static (reader, _) => reader.ReadSigned());

    public static WireFormat<int> Count { get; } = new(static (writer, _, value) => writer.WriteCount(value), static (reader, _) => reader.ReadCount(0));

    public static WireFormat<bool> Flag { get; } = new(static (writer, _, value) => writer.WriteBoolean(value), static (reader, _) => reader.ReadBoolean());

    public static WireFormat<object?> Value { get; } = new(static (writer, codec, value) => codec.Write(writer, value), static (reader, codec) => codec.Read(reader));

    public static WireFormat<object> Key { get; } = new(
        static (writer, codec, value) => codec.Write(writer, value),
        static (reader, codec) => codec.Read(reader) ?? throw new MalformedFrameException(Messages.SharedKeyMissing));

    /// <summary>How long to wait; negative for as long as it takes.</summary>
    public static WireFormat<TimeSpan> Time { get; } = new(
        static (writer, _, time) => writer.WriteSigned(time < TimeSpan.Zero ? -1 : time.Ticks),
        static (reader, _) => reader.ReadSigned() is >= 0 and var ticks ? TimeSpan.FromTicks(ticks) : Timeout.InfiniteTimeSpan);

    public static WireFormat<IReadOnlyList<T>> List<T>(WireFormat<T> element) => new(
        (writer, codec, values) =>
        {
            writer.WriteCount(values.Count);
            foreach (T value in values)
            {
                element.Write(writer, codec, value);
            }
        },
        (reader, codec) =>
        {
            T[] values = new T[reader.ReadCount()];
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = element.Read(reader, codec);
            }

            return values;
        });

    /// <summary>Two values, one after the other; of three, the first two are a pair again.</summary>
    public static WireFormat<(TFirst, TSecond)> Pair<TFirst, TSecond>(WireFormat<TFirst> first, WireFormat<TSecond> second) => new(
        (writer, codec, pair) =>
        {
            first.Write(writer, codec, pair.Item1);
            second.Write(writer, codec, pair.Item2);
        },
        (reader, codec) => (first.Read(reader, codec), second.Read(reader, codec)));

    /// <summary>Whether there is a value, and if so the value.</summary>
    public static WireFormat<(bool IsThere, T? Value)> Optional<T>(WireFormat<T> value) => new(
        (writer, codec, optional) =>
        {
            writer.WriteBoolean(optional.IsThere);
            if (optional.IsThere)
            {
                value.Write(writer, codec, optional.Value!);
            }
        },
        (reader, codec) => reader.ReadBoolean() ? (true, value.Read(reader, codec)) : (false, default));
}
