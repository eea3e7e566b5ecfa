using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>A group of equal objects of which only the number is kept.</summary>
public sealed class GroupInfoNoElement : GroupInfo
{
    internal GroupInfoNoElement(IEnumerable<object?> values, string name)
        : base(values, name)
    {
    }

    internal override void Add(PSObject item) => CountOnly();
}
