namespace Switchyard.Core.Analysis.Machines;

/// <summary>What an item carries to another machine and back, on average of those that were measured.</summary>
/// <param name="ItemBytes">Of the item as it is sent.</param>
/// <param name="OutputBytes">Of its output as it is sent back.</param>
/// <param name="FileBytes">Of the file that it is, where its content is read.</param>
/// <param name="SendSeconds">What it costs a core of this machine to write and read all of that but the file.</param>
internal sealed record ItemTraffic(double ItemBytes, double OutputBytes, double FileBytes, double SendSeconds)
{
    public double BytesIn => ItemBytes + FileBytes;

    /// <summary>The most bytes that go in one direction.</summary>
    public double MostBytes => Math.Max(BytesIn, OutputBytes);
}
