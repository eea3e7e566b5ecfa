using System.Management.Automation.Host;
using System.Management.Automation.Runspaces;
using Switchyard.Engine;

namespace Switchyard.Runspaces.Sessions;

/// <summary>Transcripts that a body has begun. The engine ends them with the last session of the process, and holds their files until then.</summary>
internal static class SessionTranscripts
{
    public static bool AreOn(PSHostUserInterface hostUI) => EngineMembers.IsTranscribing.Get(hostUI) is true;

    /// <summary>Ends those of a session that is about to be closed.</summary>
    public static void End(Runspace runspace, PSHostUserInterface hostUI)
    {
        if (!AreOn(hostUI))
        {
            return;
        }

        using PowerShell stop = PowerShell.Create().AddCommand(@"Microsoft.PowerShell.Host\Stop-Transcript");
        stop.Runspace = runspace;
        try
        {
            while (AreOn(hostUI) && !stop.HadErrors)
            {
                stop.Invoke();
            }
        }
        catch (Exception exception) when (exception is RuntimeException or InvalidOperationException)
        {
            // Something that was abandoned still runs there.
            Debug.WriteLine(exception);
        }
    }
}
