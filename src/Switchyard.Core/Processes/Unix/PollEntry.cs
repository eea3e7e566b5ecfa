using System.Runtime.InteropServices;

namespace Switchyard.Core.Processes.Unix;

/// <summary>One descriptor that <c>poll</c> watches: <c>struct pollfd</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollEntry
{
    /// <summary>The descriptor; negative for none.</summary>
    public int Descriptor;

    public short Events;

    public short Happened;
}
