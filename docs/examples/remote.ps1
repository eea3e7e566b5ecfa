<#
.SYNOPSIS
    A program on several machines: files are sent to where they are worked on, and what is made of them is brought back.
.DESCRIPTION
    Compresses the files of a folder with gzip on the machines that are named, each of which takes the next file as it gets free. Each .gz is put beside its
    file, and nothing is left on the machines. They need PowerShell 7.4 and gzip; this module is sent along. A machine that is lost costs nothing but time:
    the others take over its files. Writes how much each machine has done.
.EXAMPLE
    ./docs/examples/remote.ps1 -Path ./logs -HostName node1, admin@node2:2222
.EXAMPLE
    ./docs/examples/remote.ps1 -Path ./logs -HostName node1, admin@node2:2222 -Measure
.EXAMPLE
    ./docs/examples/remote.ps1 -Path ./logs -LaunchCommand kubectl, exec, -i, pod, --
#>
param(
    # The folder with the files.
    [Parameter(Mandatory)] [string] $Path,

    # Which of them.
    [string] $Filter = '*.log',

    # The machines, as ssh knows them.
    [Parameter(Mandatory, ParameterSetName = 'Ssh')] [object[]] $HostName,

    # Or whatever carries standard input and output to one.
    [Parameter(Mandatory, ParameterSetName = 'Command')] [string[]] $LaunchCommand,

    # Only says whether these machines would help, and how much: some files are compressed for that, and what comes of them is dropped.
    [Parameter(ParameterSetName = 'Ssh')] [switch] $Measure,

    # The PowerShell there.
    [string] $PowerShellPath = 'pwsh'
)

$ErrorActionPreference = 'Stop'
if (-not (Get-Command Invoke-ProcessBatch -ErrorAction Ignore)) {
    Import-Module (Join-Path $PSScriptRoot '..' '..' 'out' 'Switchyard')
}

if ($Measure) {
    return Get-ChildItem -LiteralPath $Path -Filter $Filter -File |
        Measure-Bottleneck -FilePath gzip -ArgumentList '--stdout', '{}' -AsByteStream -HostName $HostName
}

$there = if ($HostName) { @{ HostName = $HostName } } else { @{ LaunchCommand = $LaunchCommand } }
$files = @{ SendFile = '{}'; ReceiveFile = '{}.gz'; CleanUp = $true }

# The placeholders name the file's place on the machine, beside which gzip makes its own.
Get-ChildItem -LiteralPath $Path -Filter $Filter -File |
    Invoke-ProcessBatch -FilePath gzip -ArgumentList '--keep', '--force', '{}' @there @files -PowerShellPath $PowerShellPath -AsResult |
    Group-Object HostName |
    ForEach-Object {
        [pscustomobject]@{
            HostName = $_.Name
            Files = @($_.Group | Where-Object Status -EQ Succeeded).Count
            Failed = @($_.Group | Where-Object Status -NE Succeeded).Count
            Busy = [timespan]::FromTicks(($_.Group.Duration | Measure-Object -Property Ticks -Sum).Sum)
        }
    }
