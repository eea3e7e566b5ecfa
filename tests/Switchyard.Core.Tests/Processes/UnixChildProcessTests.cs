using System.Runtime.Versioning;
using Switchyard.Core.Processes.Trees;
using Switchyard.Core.Processes.Unix;

namespace Switchyard.Core.Processes;

[Collection(ProcessCounts.Name)]
[UnsupportedOSPlatform("windows")]
public sealed class UnixChildProcessTests : ChildProcessContract
{
    private protected override bool TellsSignals => true;

    private protected override ChildLauncher Create(SharedProcessTable table)
    {
        Assert.SkipUnless(UnixChildLauncher.IsSupported, "The C library lacks what it needs.");
        return new UnixChildLauncher(table, watchesSignal: !UnixChildLauncher.CanOpenExits);
    }
}
