using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for Get-Member, without -Static and -View.</summary>
[Cmdlet(VerbsCommon.Get, "Member")]
[OutputType(typeof(MemberDefinition))]
public sealed class GetMemberCommand : PSCmdlet
{
    private readonly HashSet<string> _described = new(StringComparer.Ordinal);

    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    [Parameter(Position = 0)]
    public string[] Name { get; set; } = ["*"];

    [Parameter]
    [Alias("Type")]
    public PSMemberTypes MemberType { get; set; } = PSMemberTypes.All;

    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (InputObject is null || !_described.Add(InputObject.TypeNames[0]))
        {
            return;
        }

        string type = InputObject.TypeNames[0];
        IEnumerable<PSMemberInfo> members = Name
            .SelectMany(name => InputObject.Members.Match(name, MemberType))
            .DistinctBy(member => member.Name, StringComparer.OrdinalIgnoreCase)
            .Where(member => Force || !IsAccessor(member))
            .OrderBy(member => member.MemberType.ToString() is var kind && kind.EndsWith("Method", StringComparison.Ordinal) ? 1 : 2)
            .ThenBy(member => member.MemberType)
            .ThenBy(member => member.Name, StringComparer.OrdinalIgnoreCase);
        foreach (PSMemberInfo member in members)
        {
            WriteObject(new MemberDefinition(type, member.Name, member.MemberType, member.ToString()!));
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_described.Count == 0)
        {
            var error = new InvalidOperationException("You must specify an object for the Get-Member cmdlet.");
            WriteError(new ErrorRecord(error, "NoObjectInGetMember", ErrorCategory.CloseError, null));
        }
    }

    private static bool IsAccessor(PSMemberInfo member)
        => member.MemberType == PSMemberTypes.Method
            && (member.Name.StartsWith("get_", StringComparison.Ordinal) || member.Name.StartsWith("set_", StringComparison.Ordinal));
}
