using Switchyard.Core.Protocol;

namespace Switchyard.Codec;

/// <summary>An object that stays where it is: another process is told how to reach it, and reads that as an object of the same kind.</summary>
internal interface IWireObject
{
    void Write(WireWriter writer);
}
