using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Xunit;

namespace Switchyard.Tests.Choosing;

/// <summary>A caller's session, with variables of many kinds.</summary>
public sealed class GivenSession : IDisposable
{
    private const string Given = """
        $table = @{ a = 1; b = 'x' }; $nested = @{ a = @{ n = 1 } }; $list = [Collections.Generic.List[object]]@(1, 'x'); $names = [string[]]('a', 'b')
        $object = [pscustomobject]@{ Name = 'n'; Sub = @{ n = 1 } }; $text = 'x'; $number = 3; $builder = [Text.StringBuilder]::new('x'); $gate = [object]::new()
        $bag = [Collections.Concurrent.ConcurrentDictionary[string,int]]::new(); $safe = [hashtable]::Synchronized(@{}); $set = [Collections.Generic.HashSet[string]]@('a')
        $file = [IO.FileInfo][psobject].Assembly.Location
        $process = [Diagnostics.Process]::GetCurrentProcess(); $stream = [IO.MemoryStream]::new(); $regex = [regex]'a+'; $bytes = [byte[]](1, 2)
        $method = [pscustomobject]@{ N = 1 } | Add-Member -MemberType ScriptProperty -Name Twice -Value { 2 * $this.N } -PassThru
        $csv = [pscustomobject]@{ Name = 'n'; Size = '3' }; $xml = [xml]'<a><b/></a>'
        $drive = 'env:X'; $records = @([pscustomobject]@{ N = 1 }, [pscustomobject]@{ N = 2 })
        """;

    public GivenSession()
    {
        Runspace.Open();
        using PowerShell given = PowerShell.Create(Runspace).AddScript(Given, useLocalScope: false);
        given.Invoke();
        Assert.Empty(given.Streams.Error);
    }

    public Runspace Runspace { get; } = RunspaceFactory.CreateRunspace();

    public void Dispose() => Runspace.Dispose();
}
