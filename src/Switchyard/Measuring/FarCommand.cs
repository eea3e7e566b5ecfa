namespace Switchyard.Measuring;

/// <summary>What the command to run has of other machines.</summary>
/// <param name="HostName">Values of -HostName, in their order.</param>
/// <param name="SendsFiles">Whether the files that items are go with them.</param>
internal sealed record FarCommand(object[] HostName, bool SendsFiles);
