namespace Switchyard.Core.Analysis.Machines;

/// <summary>Whether other machines would add to what this one does.</summary>
/// <param name="Text">The same as a sentence, with the reason.</param>
/// <param name="LinkRate">Bytes a second that the items of this machine would take; null where nothing is to be sent.</param>
internal sealed record MachinesAdvice(bool Pays, string Text, double? LinkRate)
{
    public IReadOnlyList<HostEstimate> Hosts { get; init; } = [];
}
