namespace Switchyard.Choosing.Known;

/// <summary>The engine's commands that do the same in any process, by their names.</summary>
internal static class KnownCommands
{
    private const string EngineModules = "Microsoft.PowerShell.";

    private static readonly Dictionary<string, CommandKind> _kinds = Kinds(
        (CommandKind.Reads,
        [
            "Add-Content", "Clear-Content", "Compress-Archive", "Convert-Path", "ConvertFrom-Csv", "ConvertFrom-Json", "ConvertFrom-Markdown",
            "ConvertFrom-SecureString", "ConvertFrom-StringData", "ConvertTo-Csv", "ConvertTo-Html", "ConvertTo-Json", "ConvertTo-SecureString", "ConvertTo-Xml", "Copy-Item",
            "Expand-Archive", "Export-Clixml", "Export-Csv", "Format-Custom", "Format-Hex", "Format-List", "Format-Table", "Format-Wide", "Get-ChildItem", "Get-Content",
            "Get-Culture", "Get-Date", "Get-FileHash", "Get-Item", "Get-ItemProperty", "Get-ItemPropertyValue", "Get-Location", "Get-Member", "Get-Random",
            "Get-SecureRandom", "Get-TimeZone", "Get-UICulture", "Get-Uptime", "Import-Clixml", "Import-Csv", "Import-PowerShellDataFile", "Invoke-RestMethod",
            "Invoke-WebRequest", "Join-Path", "Join-String", "Measure-Command", "Move-Item", "New-Guid", "New-Item", "New-TemporaryFile", "New-TimeSpan",
            "Out-File", "Out-String", "Pop-Location", "Push-Location", "Remove-Item", "Rename-Item", "Resolve-Path", "Select-String", "Select-Xml",
            "Set-Content", "Set-ItemProperty", "Set-Location", "Set-StrictMode", "Split-Path", "Start-Sleep", "Test-Connection", "Test-Json", "Test-Path",
            "Unblock-File", "Write-Debug", "Write-Error", "Write-Host", "Write-Progress", "Write-Verbose", "Write-Warning", "mkdir",
        ]),
        (CommandKind.Passes, ["Get-Unique", "Sort-Object", "Tee-Object", "Where-Object", "Write-Output"]),
        (CommandKind.Holds, ["Compare-Object", "Group-Object", "Measure-Object"]),
        (CommandKind.Changes, ["Add-Member"]),
        (CommandKind.HandsOn, ["Write-Information"]),
        (CommandKind.Drops, ["Out-Null"]),
        (CommandKind.RunsForEach, ["ForEach-Object"]),
        (CommandKind.Selects, ["Select-Object"]),
        (CommandKind.Makes, ["New-Object"]));

    // What they output can only go back as its properties.
    private static readonly HashSet<string> _live = new(
        [
            "ConvertFrom-Markdown", "ConvertTo-SecureString", "ConvertTo-Xml", "Format-Custom", "Format-Hex", "Format-List", "Format-Table", "Format-Wide", "Get-FileHash",
            "Get-Location", "Get-Member", "Get-TimeZone", "Group-Object", "Invoke-WebRequest", "Measure-Object", "Resolve-Path", "Select-String", "Select-Xml", "Test-Connection",
        ],
        StringComparer.OrdinalIgnoreCase);

    // Those that every session has.
    private static readonly Dictionary<string, string> _aliases = Aliases(
        "?=Where-Object %=ForEach-Object cd=Set-Location chdir=Set-Location clc=Clear-Content copy=Copy-Item cpi=Copy-Item cvpa=Convert-Path del=Remove-Item "
        + "dir=Get-ChildItem echo=Write-Output epcsv=Export-Csv erase=Remove-Item fc=Format-Custom fhx=Format-Hex fl=Format-List foreach=ForEach-Object ft=Format-Table "
        + "fw=Format-Wide gc=Get-Content gci=Get-ChildItem gi=Get-Item gl=Get-Location gm=Get-Member gp=Get-ItemProperty gpv=Get-ItemPropertyValue group=Group-Object "
        + "gu=Get-Unique ipcsv=Import-Csv irm=Invoke-RestMethod iwr=Invoke-WebRequest md=mkdir measure=Measure-Object mi=Move-Item move=Move-Item ni=New-Item "
        + "popd=Pop-Location pushd=Push-Location pwd=Get-Location rd=Remove-Item ren=Rename-Item ri=Remove-Item rni=Rename-Item rvpa=Resolve-Path select=Select-Object "
        + "sl=Set-Location sls=Select-String sp=Set-ItemProperty type=Get-Content where=Where-Object"
        + (OperatingSystem.IsWindows()
            ? " ac=Add-Content cat=Get-Content compare=Compare-Object cp=Copy-Item diff=Compare-Object ls=Get-ChildItem mv=Move-Item rm=Remove-Item rmdir=Remove-Item "
                + "sleep=Start-Sleep sort=Sort-Object tee=Tee-Object write=Write-Output"
            : string.Empty));

    // A session without them has an alias or command of these names that is none of the above.
    private static readonly HashSet<string> _others = new(
        ("clhy cli clp cls clv dbp ebp epal etsn exsn gal gbp gcm gcs gdr gerr ghy gjb gmo gps gsn gv h history icm iex ihy ii ipal ipmo mp nal ndr nmo nsn nv oh r rbp rcjb "
            + "rcsn rdr rjb rmo rnp rp rsn rv sajb sal saps sbp set si spjb spps sv wjb clear help kill man mount ps start cpp diff more").Split(' '),
        StringComparer.OrdinalIgnoreCase);

    public static CommandKind KindOf(string name) => _kinds.GetValueOrDefault(FullName(name));

    /// <summary>Whether what a command outputs would be something else once it came from another process.</summary>
    public static bool OutputsLive(string name) => _live.Contains(FullName(name));

    /// <summary>Whether a module is one of PowerShell's own, by its name.</summary>
    public static bool IsEngineModule(string name) => name.StartsWith(EngineModules, StringComparison.OrdinalIgnoreCase) && !name.Contains("Job", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a name may be one of the engine's own that is not known.</summary>
    public static bool IsOther(string name) => _others.Contains(name);

    private static string FullName(string name)
    {
        if (name.StartsWith(EngineModules, StringComparison.OrdinalIgnoreCase) && name.LastIndexOf('\\') is var at and > 0)
        {
            name = name[(at + 1)..];
        }

        return _aliases.GetValueOrDefault(name, name);
    }

    private static Dictionary<string, CommandKind> Kinds(params (CommandKind Kind, string[] Names)[] known) =>
        known.SelectMany(one => one.Names.Select(name => KeyValuePair.Create(name, one.Kind))).ToDictionary(StringComparer.OrdinalIgnoreCase);

    private static Dictionary<string, string> Aliases(string text) =>
        text.Split(' ').Select(one => one.Split('=')).ToDictionary(one => one[0], one => one[1], StringComparer.OrdinalIgnoreCase);
}
