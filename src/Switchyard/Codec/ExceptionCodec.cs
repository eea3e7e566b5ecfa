using System.Reflection;
using System.Runtime.ExceptionServices;
using Switchyard.Codec.Records;
using Switchyard.Core.Protocol;
using Switchyard.Engine;

namespace Switchyard.Codec;

/// <summary>
/// Exceptions on their way between processes: type, message, causes, stack trace and properties. Of a type that is known at the other end, a
/// real one arrives; else a <see cref="RemoteException"/> with the message and the properties.
/// </summary>
internal static class ExceptionCodec
{
    // Causes have causes, a few deep.
    private const int MaxDepth = 16;

    public static void Write(WireWriter writer, Exception exception, ValueWriter values) => Write(writer, exception, values, 0);

    public static Exception Read(WireReader reader, ValueReader values)
    {
        string? typeName = reader.ReadString();
        string message = reader.ReadText();
        string? stackTrace = reader.ReadString();
        int result = (int)reader.ReadSigned();
        Exception[] inner = new Exception[reader.ReadCount()];
        for (int i = 0; i < inner.Length; i++)
        {
            inner[i] = Read(reader, values);
        }

        List<KeyValuePair<string, object?>> properties = ExceptionProperties.Read(reader, values);
        Exception exception = Make(typeName, message, inner);
        exception.HResult = result;
        ExceptionProperties.Give(exception, properties);
        if (!string.IsNullOrEmpty(stackTrace) && exception.StackTrace is null)
        {
            ExceptionDispatchInfo.SetRemoteStackTrace(exception, stackTrace);
        }

        return exception;
    }

    private static void Write(WireWriter writer, Exception exception, ValueWriter values, int depth)
    {
        writer.WriteString(TypeNames.NameOf(exception.GetType()));
        writer.WriteString(MessageOf(exception));
        writer.WriteString(exception.StackTrace);
        writer.WriteSigned(exception.HResult);
        Exception[] inner = depth >= MaxDepth
            ? []
            : exception is AggregateException aggregate ? [.. aggregate.InnerExceptions]
            : exception.InnerException is { } cause ? [cause] : [];
        writer.WriteCount(inner.Length);
        foreach (Exception each in inner)
        {
            Write(writer, each, values, depth + 1);
        }

        ExceptionProperties.Write(writer, exception, values);
    }

    private static string MessageOf(Exception exception)
    {
        try
        {
            return exception.Message ?? string.Empty;
        }
        catch (Exception) when (exception is not null)
        {
            // A property of any author may throw anything. The type's name is left to tell.
            return exception.GetType().FullName ?? string.Empty;
        }
    }

    private static Exception Make(string? typeName, string message, Exception[] inner)
    {
        Exception? cause = inner.Length > 0 ? inner[0] : null;
        Type? type = typeName is null ? null : TypeNames.Find(typeName);
        if (type is null || type.IsAbstract || !typeof(Exception).IsAssignableFrom(type))
        {
            return new RemoteException(message, cause);
        }

        if (type == typeof(AggregateException))
        {
            // Its message ends with those of its causes, which it adds by itself.
            string added = string.Concat(inner.Select(each => $" ({each.Message})"));
            string own = message.EndsWith(added, StringComparison.Ordinal) ? message[..^added.Length] : message;
            return new AggregateException(own, inner) is { } all && all.Message == message ? all : Bare(type, message, cause);
        }

        return Try(() => (Exception?)type.GetConstructor([typeof(string), typeof(Exception)])?.Invoke([message, cause]), message, cause)
            ?? Try(() => (Exception?)type.GetConstructor([typeof(string)])?.Invoke([message]), message, cause)
            ?? Bare(type, message, cause);
    }

    private static Exception Bare(Type type, string message, Exception? cause) =>
        Try(() => EngineErrors.CreateException(type, message, cause), message, cause) ?? new RemoteException(message, cause);

    /// <summary>Makes an exception and makes sure that it says what it said.</summary>
    private static Exception? Try(Func<Exception?> make, string message, Exception? cause)
    {
        try
        {
            Exception? exception = make();
            return exception is not null && exception.Message == message && exception.InnerException == cause ? exception : null;
        }
        catch (Exception exception) when (exception is TargetInvocationException or MemberAccessException or NullReferenceException or ArgumentException or InvalidOperationException)
        {
            // A constructor that wants more than a message, or a message that is made of what is not there.
            return null;
        }
    }
}
