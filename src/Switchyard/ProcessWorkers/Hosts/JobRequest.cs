using Switchyard.Core.Transports.Callbacks;

namespace Switchyard.ProcessWorkers.Hosts;

/// <summary>That workers are started by a scheduler, as the cmdlet's parameters say.</summary>
/// <param name="Path">Of the template.</param>
/// <param name="Tasks">How many.</param>
/// <param name="Callback">Where they can connect to this machine.</param>
internal sealed record JobRequest(string Path, int Tasks, CallbackOptions Callback);
