namespace Switchyard.Codec.Providers;

/// <summary>
/// The drives and providers that a session has: those that come along with an item (<c>PSDrive</c>, <c>PSProvider</c>) belong to the
/// session that it comes from, and are replaced by those of the session that it comes to.
/// </summary>
internal sealed class ProviderObjects
{
    private readonly Dictionary<string, PSDriveInfo> _drives = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, ProviderInfo> _providers = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Takes note of what a session has.</summary>
    public ProviderObjects(IEnumerable<PSDriveInfo> drives, IEnumerable<ProviderInfo> providers)
    {
        foreach (PSDriveInfo drive in drives)
        {
            _drives.TryAdd(drive.Name, drive);
        }

        foreach (ProviderInfo provider in providers)
        {
            _providers.TryAdd(provider.ToString(), provider);
        }
    }

    /// <summary>Whether there is no session.</summary>
    public bool IsEmpty => _providers.Count == 0;

    /// <summary>Takes note of what the session has whose code runs on this thread.</summary>
    public static ProviderObjects OfRunningSession() => Of(new SessionState());

    /// <summary>Takes note of what a session has.</summary>
    public static ProviderObjects Of(SessionState session) => new(session.Drive.GetAll(), session.Provider.GetAll());

    /// <returns>The drive; null if the session has none of that name.</returns>
    public PSDriveInfo? Drive(string? name) => name is null ? null : _drives.GetValueOrDefault(name);

    /// <returns>The provider; null if the session has none of that name.</returns>
    public ProviderInfo? Provider(string name) => _providers.GetValueOrDefault(name);
}
