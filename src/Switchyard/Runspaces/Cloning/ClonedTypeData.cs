using System.Management.Automation.Runspaces;
using Switchyard.Engine;

namespace Switchyard.Runspaces.Cloning;

/// <summary>One step that the caller took from the type data that every session has: data or a file of them that was added, or data that was removed.</summary>
/// <param name="FileName">The file; null where the data were not in one.</param>
/// <param name="Data">The data, whose script blocks are unbound; null for a file.</param>
internal sealed record ClonedTypeData(string? FileName, TypeData? Data, bool IsRemoved)
{
    /// <summary>The steps in a session, in the order in which they were taken.</summary>
    public static IReadOnlyList<ClonedTypeData> Of(Runspace runspace) =>
        [.. (runspace.InitialSessionState?.Types ?? Enumerable.Empty<SessionStateTypeEntry>()).Where(IsOwn).Select(Of)];

    private static bool IsOwn(SessionStateTypeEntry entry) =>
        entry.TypeData is not null || (entry.FileName is { } file && !ModuleFolders.IsOfEngine(file));

    private static ClonedTypeData Of(SessionStateTypeEntry entry)
    {
        TypeData? data = entry.TypeData?.Copy();
        foreach (TypeMemberData member in data?.Members.Values ?? Enumerable.Empty<TypeMemberData>())
        {
            Unbind(member);
        }

        return new ClonedTypeData(entry.FileName, data, entry.IsRemove);
    }

    private static void Unbind(TypeMemberData member)
    {
        switch (member)
        {
            case ScriptPropertyData property:
                property.GetScriptBlock = property.GetScriptBlock is null ? null : SharedBody.Unbind(property.GetScriptBlock);
                property.SetScriptBlock = property.SetScriptBlock is null ? null : SharedBody.Unbind(property.SetScriptBlock);
                break;
            case ScriptMethodData method:
                method.Script = SharedBody.Unbind(method.Script);
                break;
        }
    }
}
