namespace Switchyard.Core.Processes;

/// <summary>Writes to a child's input as it takes it. For the thread that waits for the child.</summary>
/// <param name="keepsOpen">Whether the input stays open after that.</param>
internal sealed class ChildFeed(byte[] content, bool keepsOpen)
{
    private int _fed;

    /// <summary>Writes what it takes now.</summary>
    public void Feed(ChildProcess child)
    {
        while (_fed < content.Length)
        {
            int taken = child.Write(content.AsSpan(_fed));
            if (taken <= 0)
            {
                child.AwaitsInput = taken == 0;
                return;
            }

            _fed += taken;
        }

        child.AwaitsInput = false;
        if (!keepsOpen)
        {
            child.CloseInput();
        }
    }
}
