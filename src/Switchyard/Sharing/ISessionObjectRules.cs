using Switchyard.Engine;

namespace Switchyard.Sharing;

/// <summary>What is done with an object that belongs to a session, on its way to another.</summary>
internal interface ISessionObjectRules
{
    /// <summary>What goes in place of a block, function, alias, module or delegate made of a block.</summary>
    /// <param name="place">Where it is in what was given, such as <c>.Name['key'][2]</c>; empty if it is that itself.</param>
    object Replace(object value, Func<string> place);

    /// <summary>Lets an object of a script's class be used by another session.</summary>
    void Free(ScriptClass kind, object instance, Func<string> place);

    /// <summary>The same for the static methods of a class.</summary>
    void Free(ScriptClass kind);

    /// <summary>Takes note of something that has to be replaced, and cannot be.</summary>
    void Refuse(object value, Func<string> place);

    /// <summary>The code of a member that was added to an object, of no session; null to leave it.</summary>
    ScriptBlock? Unbind(ScriptBlock code, Func<string> place);
}
