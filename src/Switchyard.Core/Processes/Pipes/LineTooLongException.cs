namespace Switchyard.Core.Processes.Pipes;

/// <summary>A child wrote more without ending a line than can be kept.</summary>
internal sealed class LineTooLongException(string message) : Exception(message);
