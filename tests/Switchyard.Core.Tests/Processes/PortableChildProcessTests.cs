using System.Runtime.Versioning;
using Switchyard.Core.Processes.Portable;
using Switchyard.Core.Processes.Trees;

namespace Switchyard.Core.Processes;

[Collection(ProcessCounts.Name)]
[UnsupportedOSPlatform("windows")]
public sealed class PortableChildProcessTests : ChildProcessContract
{
    private protected override bool TellsSignals => false;

    private protected override ChildLauncher Create(SharedProcessTable table) => new PortableChildLauncher(table);
}
