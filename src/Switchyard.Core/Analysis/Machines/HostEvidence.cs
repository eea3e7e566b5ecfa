namespace Switchyard.Core.Analysis.Machines;

/// <summary>Tells what was measured of each machine.</summary>
internal static class HostEvidence
{
    public static IEnumerable<string> Tell(MachinesAdvice machines)
    {
        foreach (HostEstimate host in machines.Hosts)
        {
            HostFigures figures = host.Host;
            string link = figures is { RoundTripSeconds: { } roundTrip, SendRate: { } sent, ReceiveRate: { } received }
                ? Text(Messages.EvidenceHostLink, Evidence.Time(roundTrip), Evidence.Megabytes(sent), Evidence.Megabytes(received))
                : Messages.EvidenceHostWithoutLink;
            string items = host.Fails ? Text(Messages.EvidenceHostFails, figures.FailedCount, figures.ItemCount)
                : figures.ItemSeconds is { Count: > 0 } there ? Text(Messages.EvidenceHostItems, there.Count, Evidence.Time(there.Median))
                : Messages.EvidenceHostWithoutItems;
            yield return Text(
                host.IsLinkTheLimit ? Messages.EvidenceHostLimitedByLink : Messages.EvidenceHost,
                figures.Name, figures.Cores, Evidence.Time(figures.StartUp.TotalSeconds), link, items, Evidence.Rate(host.Rate));
        }
    }

    private static string Text(string message, params object?[] figures) => MessageText.FormatFigures(message, figures);
}
