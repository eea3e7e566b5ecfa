using Switchyard.Engine;

namespace Switchyard.Sharing;

/// <summary>Lets what is shared be used by every session, as far as it can be: what it is given to asks for no more.</summary>
internal sealed class FreeingRules : ISessionObjectRules
{
    public object Replace(object value, Func<string> place) => value;

    public void Free(ScriptClass kind, object instance, Func<string> place)
    {
        kind.TryFree(instance);
        kind.FreeStaticMethods();
    }

    public void Free(ScriptClass kind) => kind.FreeStaticMethods();

    public void Refuse(object value, Func<string> place)
    {
    }

    public ScriptBlock? Unbind(ScriptBlock code, Func<string> place) => EngineBlocks.Unbind(code);
}
