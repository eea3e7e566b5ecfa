namespace Switchyard.Core.Journal.Outputs;

/// <summary>What an item wrote cannot be kept.</summary>
internal sealed class OutputNotKeptException(Exception reason) : Exception(reason.Message, reason);
