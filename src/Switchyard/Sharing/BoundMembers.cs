using Switchyard.Engine;

namespace Switchyard.Sharing;

/// <summary>Members of objects that are made of script blocks, which run in the session that made those.</summary>
internal static class BoundMembers
{
    /// <summary>The same member with code of no session.</summary>
    /// <returns>The member; null if it is fit as it is, or is to be left.</returns>
    public static PSMemberInfo? Unbind(PSMemberInfo member, ISessionObjectRules rules, Func<string> place)
    {
        switch (member)
        {
            case PSScriptMethod { Script: var code } when IsBound(code):
                return rules.Unbind(code, place) is { } method ? new PSScriptMethod(member.Name, method) : null;
            case PSScriptProperty { GetterScript: var getter, SetterScript: var setter } when IsBound(getter) || IsBound(setter):
                ScriptBlock? get = getter is null ? null : rules.Unbind(getter, place);
                ScriptBlock? set = setter is null ? null : rules.Unbind(setter, place);
                return get is null && set is null ? null : new PSScriptProperty(member.Name, get, set);
            default:
                return null;
        }
    }

    // Where the engine does not tell, any may be.
    private static bool IsBound(ScriptBlock? code) => code is not null && (EngineMembers.BlockSession.IsMissing || EngineMembers.BlockSession.Get(code) is not null);
}
