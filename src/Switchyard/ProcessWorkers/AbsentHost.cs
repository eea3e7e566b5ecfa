using System.Globalization;
using System.Management.Automation.Host;

namespace Switchyard.ProcessWorkers;

/// <summary>
/// The caller's host, as a worker process knows it: by name, version and culture. What is written to it directly goes back to the caller;
/// there is nobody here to be asked.
/// </summary>
internal sealed class AbsentHost : PSHost
{
    private readonly AbsentHostUI _ui = new();
    private string _name = "Switchyard";
    private Version _version = new(0, 0);
    private CultureInfo _culture = CultureInfo.CurrentCulture;
    private CultureInfo _uiCulture = CultureInfo.CurrentUICulture;

    /// <inheritdoc/>
    public override string Name => _name;

    /// <inheritdoc/>
    public override Version Version => _version;

    /// <inheritdoc/>
    public override Guid InstanceId { get; } = Guid.NewGuid();

    /// <inheritdoc/>
    public override CultureInfo CurrentCulture => _culture;

    /// <inheritdoc/>
    public override CultureInfo CurrentUICulture => _uiCulture;

    /// <inheritdoc/>
    public override PSHostUserInterface UI => _ui;

    /// <summary>Takes what is written to the host directly.</summary>
    public Action<HostInformation>? Written
    {
        set => _ui.Written = value;
    }

    /// <summary>Is the host of another caller from here on.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="version">Its version.</param>
    /// <param name="culture">Name of its culture.</param>
    /// <param name="uiCulture">Name of the culture of its messages.</param>
    public void Become(string name, Version version, string culture, string uiCulture)
    {
        _name = name;
        _version = version;
        _culture = CultureInfo.GetCultureInfo(culture);
        _uiCulture = CultureInfo.GetCultureInfo(uiCulture);
    }

    /// <inheritdoc/>
    public override void EnterNestedPrompt() => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void ExitNestedPrompt() => throw new NotSupportedException();

    /// <summary>Does nothing: programs that draw on a console have none here.</summary>
    public override void NotifyBeginApplication()
    {
    }

    /// <summary>Does nothing.</summary>
    public override void NotifyEndApplication()
    {
    }

    /// <summary>Does nothing: <c>exit</c> ends an item.</summary>
    /// <param name="exitCode">Not used.</param>
    public override void SetShouldExit(int exitCode)
    {
    }
}
