using Switchyard.Core.Protocol;

namespace Switchyard.Core.SharedState.Calls;

/// <summary>How a value is written for another process, and read there.</summary>
internal sealed record WireFormat<T>(Action<WireWriter, IStateCodec, T> Write, Func<WireReader, IStateCodec, T> Read);
