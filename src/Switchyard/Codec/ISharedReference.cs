using Switchyard.Core.Protocol;

namespace Switchyard.Codec;

/// <summary>An object of which another process gets no copy: it reaches the object where that is.</summary>
internal interface ISharedReference
{
    void Write(WireWriter writer);
}
