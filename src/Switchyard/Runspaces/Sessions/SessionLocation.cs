using System.Management.Automation.Runspaces;

namespace Switchyard.Runspaces.Sessions;

/// <summary>Puts a session where the caller is.</summary>
internal static class SessionLocation
{
    /// <summary>Sets the location, or one that means the same.</summary>
    public static void Set(Runspace runspace, SessionSettings settings)
    {
        SessionStateProxy session = runspace.SessionStateProxy;
        PathIntrinsics path = session.Path;
        if (path.CurrentLocation.Path == settings.Location)
        {
            return;
        }

        if (settings.Drive is { } drive && session.Drive.Current.Name == drive.Name && session.Drive.Current.Root == drive.Root)
        {
            // The caller stands there, so it need not be searched for, which would take a millisecond a worker.
            session.Drive.Current.CurrentLocation = drive.CurrentLocation;
            session.SetVariable("PWD", path.CurrentLocation);
            return;
        }

        try
        {
            path.SetLocation(WildcardPattern.Escape(settings.Location));
        }
        catch (SessionStateException)
        {
            // The caller's own drive, or a place that is gone: then by the path behind the drive, if that is there.
            try
            {
                path.SetLocation(WildcardPattern.Escape(settings.ProviderLocation));
            }
            catch (SessionStateException)
            {
                // The session stays where sessions start.
            }
        }
    }
}
