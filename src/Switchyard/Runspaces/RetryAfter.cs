using System.Net;
using System.Net.Http.Headers;
using System.Reflection;

namespace Switchyard.Runspaces;

/// <summary>
/// Finds how long a server asked to be left alone: the <c>Retry-After</c> header (RFC 9110, section 10.2.3) of the response that a
/// failed call carries.
/// </summary>
/// <remarks>
/// <c>Invoke-WebRequest</c> and <c>Invoke-RestMethod</c> throw an exception with a property <c>Response</c>, as
/// <see cref="WebException"/> does and others do. It is found by name: the engine's type is in an assembly that is not there to compile against.
/// </remarks>
internal static class RetryAfter
{
    private const string Header = "Retry-After";

    // Exceptions are nested a few deep; one that contains itself must not hang a worker.
    private const int MaxExceptions = 32;

    /// <summary>Looks through an exception and all it was caused by, from the outside in.</summary>
    /// <returns>The time to wait, zero if it is over already; null if no server said.</returns>
    public static TimeSpan? Find(Exception? exception, DateTimeOffset now)
    {
        Queue<Exception?> toVisit = new([exception]);
        for (int visited = 0; visited < MaxExceptions && toVisit.TryDequeue(out Exception? next);)
        {
            if (next is null)
            {
                continue;
            }

            visited++;
            if (HeaderOf(next) is string text && Parse(text, now) is TimeSpan wait)
            {
                return wait;
            }

            toVisit.Enqueue((next as IContainsErrorRecord)?.ErrorRecord?.Exception);
            if (next is AggregateException aggregate)
            {
                foreach (Exception inner in aggregate.InnerExceptions)
                {
                    toVisit.Enqueue(inner);
                }
            }
            else
            {
                toVisit.Enqueue(next.InnerException);
            }
        }

        return null;
    }

    /// <summary>Reads a header's value.</summary>
    /// <param name="text">Seconds, or a date in a form of HTTP's.</param>
    /// <returns>The time to wait, at least zero; null if it is neither.</returns>
    internal static TimeSpan? Parse(string text, DateTimeOffset now)
    {
        // Whole seconds by the standard. Some servers send fractions, and zero for what is over as a negative number.
        const NumberStyles Number = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint
            | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite;
        if (double.TryParse(text, Number, CultureInfo.InvariantCulture, out double seconds) && double.IsFinite(seconds))
        {
            return seconds <= 0 ? TimeSpan.Zero : seconds < TimeSpan.MaxValue.TotalSeconds ? TimeSpan.FromSeconds(seconds) : TimeSpan.MaxValue;
        }

        if (!RetryConditionHeaderValue.TryParse(text, out RetryConditionHeaderValue? value) || value.Date is not DateTimeOffset date)
        {
            return null;
        }

        return date > now ? date - now : TimeSpan.Zero;
    }

    private static string? HeaderOf(Exception exception)
    {
        try
        {
            return PSObjects.Unwrap(ResponseProperty(exception.GetType())?.GetValue(exception)) switch
            {
                HttpResponseMessage response when response.Headers.TryGetValues(Header, out IEnumerable<string>? values) => values.FirstOrDefault(),
                WebResponse response => response.Headers[Header],
                _ => null,
            };
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // A getter of any author may throw anything. The item has failed already, and with another error.
            return null;
        }
    }

    // Asked type by type: a derived one that hides its base's property would make the name ambiguous.
    private static PropertyInfo? ResponseProperty(Type? type)
    {
        const BindingFlags Own = BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        for (; type is not null; type = type.BaseType)
        {
            PropertyInfo? property = type.GetProperty("Response", Own, null, null, [], null);
            if (property is { CanRead: true })
            {
                return property;
            }
        }

        return null;
    }
}
