using Xunit;

namespace Switchyard.Tests.Host;

public sealed class ModuleTests
{
    [Fact]
    public async Task The_module_is_imported_from_the_build()
    {
        HostResult result = await HostProcess.CommandAsync("(Get-Module Switchyard).ModuleBase");

        Assert.Equal(Path.Combine(HostProcess.OutFolder, "Switchyard"), Assert.Single(result.Lines));
    }

    [Fact]
    public async Task A_new_runspace_finds_the_module_and_the_stand_ins_by_name()
    {
        HostResult result = await HostProcess.CommandAsync("""
            $shell = [powershell]::Create([System.Management.Automation.Runspaces.InitialSessionState]::CreateDefault2())
            $shell.AddScript('3, 1, 2 | Sort-Object | Select-Object -First 2; Import-Module Switchyard; (Get-Module Switchyard).Name').Invoke()
            $shell.Dispose()
            """);

        Assert.Equal(["1", "2", "Switchyard"], result.Lines);
        Assert.Empty(result.Error);
    }

    [Fact]
    public async Task The_stand_ins_manifest_lists_every_stand_in_and_nothing_that_the_engine_has()
    {
        HostResult result = await HostProcess.CommandAsync("""
            $engine = [System.Management.Automation.Runspaces.InitialSessionState]::CreateDefault2().Commands.Name
            $null = Get-Date
            $module = Get-Module Switchyard.StandIns
            $types = $module.ImplementingAssembly.GetExportedTypes() | ForEach-Object { $_.GetCustomAttributes([System.Management.Automation.CmdletAttribute], $false) }
            $written = $types | ForEach-Object { "$($_.VerbName)-$($_.NounName)" } | Sort-Object
            "missing: $(@($written | Where-Object { $_ -notin $module.ExportedCmdlets.Keys }))"
            "unknown: $(@($module.ExportedCmdlets.Keys | Where-Object { $_ -notin $written }))"
            "shadowing: $(@($written | Where-Object { $_ -in $engine }))"
            "any: $($written.Count -gt 70)"
            """);

        Assert.Equal(["missing: ", "unknown: ", "shadowing: ", "any: True"], result.Lines);
    }

    [Fact]
    public async Task The_hosts_own_folder_is_no_module()
    {
        HostResult result = await HostProcess.CommandAsync("(Get-Module -ListAvailable Switchyard.Host).ExportedCommands.Count");

        Assert.Equal("0", Assert.Single(result.Lines));
    }

    [Fact]
    public async Task Modules_of_another_PowerShells_own_folder_are_left_out()
    {
        using var foreign = new ScriptFile("throw 'not mine'", "Microsoft.PowerShell.Utility.psm1");
        string modules = Path.Combine(foreign.Folder, "Modules");
        string utility = Path.Combine(modules, "Microsoft.PowerShell.Utility");
        Directory.CreateDirectory(utility);
        File.Copy(foreign.Path, Path.Combine(utility, "Microsoft.PowerShell.Utility.psm1"));

        HostResult result = await HostProcess.CommandAsync(
            "$env:PSModulePath -split [IO.Path]::PathSeparator -contains $env:Foreign",
            environment: new Dictionary<string, string?> { ["PSModulePath"] = modules, ["Foreign"] = modules });

        Assert.Equal("False", Assert.Single(result.Lines));
    }
}
