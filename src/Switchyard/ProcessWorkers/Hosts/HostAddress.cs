using System.Diagnostics.CodeAnalysis;
using Switchyard.Errors;

namespace Switchyard.ProcessWorkers.Hosts;

/// <summary>A machine as -HostName names it: in a text such as <c>user@node2:2222</c>, or in an object of an inventory.</summary>
/// <param name="Name">What messages and results call it.</param>
/// <param name="Workers">How many workers it is to have; null if that is not said.</param>
internal sealed record HostAddress(string Name, string Host, string? UserName, int? Port, string? KeyFilePath, int? Workers)
{
    /// <summary>The name of this machine.</summary>
    public const string Here = "localhost";

    private const string Scheme = "ssh://";

    /// <summary>Whether it is this machine, without a way over the network.</summary>
    public bool IsHere => Host.Equals(Here, StringComparison.OrdinalIgnoreCase) && (UserName, Port, KeyFilePath) is (null, null, null);

    /// <exception cref="BatchException">It is none.</exception>
    public static HostAddress Read(object? value)
    {
        object? bare = PSObjects.Unwrap(value);
        if (bare is string or System.Net.IPAddress)
        {
            return Parse(bare.ToString()!, bare);
        }

        Func<string, object?> get = bare is IDictionary table
            ? name => table.Keys.OfType<object>().FirstOrDefault(key => name.Equals(key.ToString(), StringComparison.OrdinalIgnoreCase)) is { } key ? table[key] : null
            : name => bare is null ? null : PSObject.AsPSObject(value).Properties[name]?.Value;
        if (TextOf(get("HostName")) is not { } host)
        {
            throw ProcessErrors.HostNameNotAllowed(value);
        }

        HostAddress address = Parse(host, value);
        return address with
        {
            Port = NumberOf(get("Port"), value) ?? address.Port,
            UserName = TextOf(get("UserName")) ?? address.UserName,
            KeyFilePath = TextOf(get("KeyFilePath")),
            Workers = NumberOf(get("Workers"), value),
            Name = NumberOf(get("Port"), value) is { } port && address.Port is null ? $"{address.Name}:{port.ToString(CultureInfo.InvariantCulture)}" : address.Name,
        };
    }

    private static HostAddress Parse(string text, object? subject)
    {
        string rest = text.Trim();
        string name = rest = rest.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? rest[Scheme.Length..].TrimEnd('/') : rest;
        int at = rest.LastIndexOf('@');
        string? user = at > 0 ? rest[..at] : null;
        rest = rest[(at + 1)..];
        string host = rest;
        string? port = null;
        int colon = rest.LastIndexOf(':');
        if (rest.StartsWith('[') && rest.IndexOf(']', StringComparison.Ordinal) is var end and > 0)
        {
            host = rest[1..end];
            port = end + 1 == rest.Length ? null : rest[end + 1] == ':' ? rest[(end + 2)..] : string.Empty;
        }
        else if (colon >= 0 && rest.IndexOf(':', StringComparison.Ordinal) == colon)
        {
            // With more than one it is an address of IPv6.
            (host, port) = (rest[..colon], rest[(colon + 1)..]);
        }

        bool isRight = IsName(host) && (at < 0 || IsName(user)) && (port is null || TryReadPort(port, out _));
        return isRight
            ? new HostAddress(name, host, user, port is not null && TryReadPort(port, out int number) ? number : null, null, null)
            : throw ProcessErrors.HostNameNotAllowed(subject);
    }

    // With a dash first, a command would take it for one of its options.
    private static bool IsName([NotNullWhen(true)] string? text) =>
        text is { Length: > 0 } && text[0] != '-' && !text.Any(letter => char.IsWhiteSpace(letter) || char.IsControl(letter) || letter is '[' or ']');

    private static bool TryReadPort(string text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and <= ushort.MaxValue;

    private static string? TextOf(object? value) => value?.ToString() is { Length: > 0 } text ? text : null;

    private static int? NumberOf(object? value, object? subject) => TextOf(value) is not { } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0 ? number
        : throw ProcessErrors.HostNameNotAllowed(subject);
}
