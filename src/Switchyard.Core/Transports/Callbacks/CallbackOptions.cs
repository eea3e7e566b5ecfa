using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Switchyard.Core.Transports.Callbacks;

/// <summary>Where workers of other machines can connect to their caller.</summary>
internal sealed record CallbackOptions
{
    // Each that does not lead here costs a worker a while.
    private const int MostHosts = 8;

    /// <summary>The interface to listen on: its name, an address or a name of this machine. Null for all of them.</summary>
    public string? Interface { get; init; }

    /// <summary>The ports that may be used, of which the first that is free is; empty for any.</summary>
    public IReadOnlyList<int> Ports { get; init; } = [];

    /// <summary>Finds what to listen on, and under which names other machines may reach that.</summary>
    /// <exception cref="IOException">There is no such interface.</exception>
    public IPAddress FindAddress(out IReadOnlyList<string> hosts)
    {
        if (Interface is null)
        {
            // Names are resolved there, addresses are not.
            hosts = [.. AddressesOf(null).Select(each => each.ToString()).Append(Dns.GetHostName()).Take(MostHosts)];
            return Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any;
        }

        IPAddress address = IPAddress.TryParse(Interface, out IPAddress? literal) ? literal
            : AddressesOf(Interface).FirstOrDefault() ?? Resolve(Interface);
        hosts = [address.ToString()];
        return address;
    }

    private static IPAddress Resolve(string name)
    {
        try
        {
            return Dns.GetHostAddresses(name) is [var first, ..] ? first : throw new IOException(MessageText.Format(Messages.CallbackInterfaceUnknown, name));
        }
        catch (SocketException exception)
        {
            throw new IOException(MessageText.Format(Messages.CallbackInterfaceUnknown, name), exception);
        }
    }

    private static IEnumerable<IPAddress> AddressesOf(string? name) =>
        from network in NetworkInterface.GetAllNetworkInterfaces()
        where name is null
            ? network.OperationalStatus != OperationalStatus.Down && network.NetworkInterfaceType != NetworkInterfaceType.Loopback
            : network.Name == name
        from entry in network.GetIPProperties().UnicastAddresses
        where !entry.Address.IsIPv6LinkLocal
        orderby entry.Address.AddressFamily
        select entry.Address;
}
