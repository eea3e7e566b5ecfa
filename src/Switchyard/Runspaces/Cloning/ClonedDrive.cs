namespace Switchyard.Runspaces.Cloning;

/// <summary>A drive of the caller's.</summary>
/// <param name="Credential">What it is opened with; null if that is not known here.</param>
internal sealed record ClonedDrive(
    string Name,
    string Provider,
    string Root,
    string? Description,
    PSCredential? Credential,
    string? DisplayRoot,
    string? CurrentLocation)
{
    /// <summary>Whether any session makes it once it is named. That takes a module, which not every worker is to import for nothing.</summary>
    public bool ComesByItself =>
        string.IsNullOrEmpty(CurrentLocation)
        && (Name, Provider, Root) is ("Cert", "Certificate", "\\") or ("WSMan", "WSMan", "");

    /// <summary>Takes note of a drive.</summary>
    public static ClonedDrive Of(PSDriveInfo drive) => new(
        drive.Name, drive.Provider.Name, drive.Root, drive.Description, drive.Credential, drive.DisplayRoot, drive.CurrentLocation);
}
