using Switchyard.Core.Processes.Unix;

namespace Switchyard.Core.Processes;

/// <summary>What there is to start, find and end children with. A test takes some of it away, and has what other systems have.</summary>
internal sealed record ChildSystem
{
    /// <summary>Whether processes can be read in <c>/proc</c>, with the marks in their environment.</summary>
    public bool HasProc { get; init; } = Directory.Exists("/proc/self");

    /// <summary>Whether there is a descriptor for a process's exit.</summary>
    public bool HasExitDescriptors { get; init; } = !OperatingSystem.IsWindows() && UnixChildLauncher.CanOpenExits;

    /// <summary>Whether there is a <c>posix_spawn</c> that does all that is needed.</summary>
    public bool CanSpawn { get; init; } = !OperatingSystem.IsWindows() && UnixChildLauncher.IsSupported;
}
