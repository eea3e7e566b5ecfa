<#
.SYNOPSIS
    Script blocks in a container that runs, by a launch command: what does another PowerShell say to my scripts?
.DESCRIPTION
    Has the PowerShell in a container parse each script of a folder, and writes what it does not understand. The container needs PowerShell 7.4 and nothing
    else: this module is sent along, and so is each script's text. -Launcher is whatever starts a command there and carries its input and output.
.EXAMPLE
    ./docs/examples/containers.ps1 -Path ./scripts -Launcher podman, exec, -i, box
.EXAMPLE
    ./docs/examples/containers.ps1 -Path ./scripts -Launcher kubectl, exec, -i, pod, --
#>
param(
    # The folder with the scripts.
    [Parameter(Mandatory)] [string] $Path,

    # The command, with its arguments as elements of their own. No terminal: -i, and not -it.
    [Parameter(Mandatory)] [string[]] $Launcher,

    # The PowerShell there.
    [string] $PowerShellPath = 'pwsh'
)

$ErrorActionPreference = 'Stop'
if (-not (Get-Command Invoke-ProcessBatch -ErrorAction Ignore)) {
    Import-Module (Join-Path $PSScriptRoot '..' '..' 'out' 'Switchyard')
}

Get-ChildItem -LiteralPath $Path -Include *.ps1, *.psm1 -File -Recurse |
    ForEach-Object { [pscustomobject]@{ File = $_.FullName; Text = [System.IO.File]::ReadAllText($_.FullName) } } |
    Invoke-ProcessBatch -LaunchCommand $Launcher -PowerShellPath $PowerShellPath -KeepOrder {
        $script, $errors = $_, $null
        $null = [System.Management.Automation.Language.Parser]::ParseInput($script.Text, [ref] $null, [ref] $errors)
        foreach ($parseError in $errors) {
            [pscustomobject]@{
                File = $script.File
                Line = $parseError.Extent.StartLineNumber
                Version = "$($PSVersionTable.PSVersion)"
                Message = $parseError.Message
            }
        }
    }
