using System.Management.Automation.Host;

namespace Switchyard.Hosting;

/// <summary>
/// The host of a caller in another process: it has that one's name, version and culture. What is written to it directly goes back to the
/// caller; it cannot prompt.
/// </summary>
internal sealed class CallerHost : HostProxy
{
    private readonly CallerHostUI _ui = new();
    private string _name = "Switchyard";
    private Version _version = new(0, 0);
    private CultureInfo _culture = CultureInfo.CurrentCulture;
    private CultureInfo _uiCulture = CultureInfo.CurrentUICulture;

    public override string Name => _name;

    public override Version Version => _version;

    public override CultureInfo CurrentCulture => _culture;

    public override CultureInfo CurrentUICulture => _uiCulture;

    public override PSHostUserInterface UI => _ui;

    public Action<HostText>? Written
    {
        set => _ui.Written = value;
    }

    /// <summary>Is the host of another caller from here on.</summary>
    public void Become(string name, Version version, string culture, string uiCulture)
    {
        _name = name;
        _version = version;
        _culture = CultureInfo.GetCultureInfo(culture);
        _uiCulture = CultureInfo.GetCultureInfo(uiCulture);
    }
}
