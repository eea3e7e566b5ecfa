<#
.SYNOPSIS
    A simulation on a cluster: as tasks of Slurm, or by a job template of any other scheduler.
.DESCRIPTION
    Walks at random, once for each seed, and writes how far from home each walk ended. The workers connect back to this machine, get seeds one by one, and
    their job ends with the batch. The journal knows which seeds are done: where it was cut off, the same command goes on.
.EXAMPLE
    ./docs/examples/cluster.ps1 -Slurm -SlurmOption '--partition=short', '--mem=1G' -Tasks 64 -JournalPath ./walks.jsonl
.EXAMPLE
    ./docs/examples/cluster.ps1 -JobTemplate ./docs/examples/schedulers/pbs.sh -Tasks 64 -CallbackPort (50000..50100) -JournalPath ./walks.jsonl
#>
param(
    # Tasks of Slurm.
    [Parameter(Mandatory, ParameterSetName = 'Slurm')] [switch] $Slurm,

    # What Slurm is told of them.
    [Parameter(ParameterSetName = 'Slurm')] [string[]] $SlurmOption,

    # Or the script by which another scheduler starts workers.
    [Parameter(Mandatory, ParameterSetName = 'Job')] [string] $JobTemplate,

    # How many workers.
    [int] $Tasks = 4,

    # Where this machine is reached by the nodes, if not everywhere: an interface or address, and ports.
    [string] $CallbackInterface,
    [int[]] $CallbackPort,

    # What is done.
    [Parameter(Mandatory)] [string] $JournalPath,

    # How many walks, and how long each is.
    [int] $Walks = 1000,
    [int] $Steps = 100000,

    # The PowerShell there.
    [string] $PowerShellPath = 'pwsh'
)

$ErrorActionPreference = 'Stop'
if (-not (Get-Command Invoke-ProcessBatch -ErrorAction Ignore)) {
    Import-Module (Join-Path $PSScriptRoot '..' '..' 'out' 'Switchyard')
}

# These have the batch's own names.
$there = @{}
foreach ($name in 'Slurm', 'SlurmOption', 'JobTemplate', 'CallbackInterface', 'CallbackPort') {
    if ($PSBoundParameters.ContainsKey($name)) { $there[$name] = $PSBoundParameters[$name] }
}

1..$Walks | Invoke-ProcessBatch @there -ThrottleLimit $Tasks -JournalPath $JournalPath -Resume -TotalCount $Walks -PowerShellPath $PowerShellPath {
    $random = [System.Random]::new($_)
    $x = $y = 0
    for ($i = 0; $i -lt $using:Steps; $i++) {
        switch ($random.Next(4)) { 0 { $x++ } 1 { $x-- } 2 { $y++ } 3 { $y-- } }
    }

    [pscustomobject]@{ Seed = $_; Distance = [Math]::Round([Math]::Sqrt($x * $x + $y * $y), 3) }
}
