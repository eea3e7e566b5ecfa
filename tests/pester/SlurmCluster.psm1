# A Slurm of two nodes on this machine, of the tests' own: its controller, its two nodes and what authenticates them, with all their files in one folder.
# For root on Linux, with Debian's packages slurmctld, slurmd, slurm-client and munge, on a machine with an address that is not a loopback one.

Import-Module (Join-Path $PSScriptRoot 'Common.psm1')

function Get-SlurmObstacle {
    # Why there can be no such cluster here, in one line; nothing if there can.
    if (-not $IsLinux -or [Environment]::UserName -ne 'root') {
        return 'The Slurm of the tests needs root on Linux.'
    }

    foreach ($program in 'munged', 'slurmctld', 'slurmd', 'srun', 'salloc') {
        if (-not (Find-Daemon $program)) {
            return "The Slurm of the tests needs '$program' (packages slurmctld, slurmd, slurm-client and munge)."
        }
    }

    if (-not (Get-OwnAddress)) {
        return 'The Slurm of the tests needs an IPv4 address that is not a loopback one.'
    }
}

function Start-SlurmCluster {
    <#
    .SYNOPSIS
        Starts a cluster, and returns it once both of its nodes are idle.
    .DESCRIPTION
        Its Configuration is the value of SLURM_CONF that makes a process use this cluster; Start-SlurmCluster sets that in this process.
    #>
    [CmdletBinding()]
    param([int] $CpusPerNode = 8)

    $folder = Join-Path ([System.IO.Path]::GetTempPath()) "swslurm-$(New-Guid)".Substring(0, 16)
    $null = New-Item -ItemType Directory $folder, "$folder/state", "$folder/spool1", "$folder/spool2", "$folder/munge"
    $cluster = [pscustomobject]@{
        Folder = $folder; Configuration = "$folder/slurm.conf"; Daemons = [System.Collections.Generic.List[System.Diagnostics.Process]]::new(); Before = $env:SLURM_CONF
        Nodes = 'n1', 'n2'
    }
    try {
        # Who cannot pass through may not use the socket.
        & chmod 711 $folder "$folder/munge"
        [System.IO.File]::WriteAllBytes("$folder/munge/key", [System.Security.Cryptography.RandomNumberGenerator]::GetBytes(1024))
        & chmod 600 "$folder/munge/key"
        Start-Daemon $cluster munged '--foreground' "--key-file=$folder/munge/key" "--socket=$folder/munge/socket" "--pid-file=$folder/munge/pid" "--seed-file=$folder/munge/seed" "--log-file=$folder/munge.log"
        Assert-Soon { Test-Path "$folder/munge/socket" } $cluster munged

        $ports = Get-FreePorts 3
        $name = [System.Net.Dns]::GetHostName()
        Set-Content $cluster.Configuration @"
ClusterName=switchyard
SlurmctldHost=$name($(Get-OwnAddress))
SlurmctldPort=$($ports[0])
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=$folder/munge/socket
CredType=cred/munge
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool-%n
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd-%n.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd-%n.log
ProctrackType=proctrack/pgid
TaskPlugin=task/none
MpiDefault=none
SwitchType=switch/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
SlurmdParameters=config_overrides
SchedulerParameters=batch_sched_delay=0,sched_interval=1
MaxStepCount=40000
ReturnToService=2
SlurmdTimeout=10
KillWait=2
MessageTimeout=10
NodeName=n1 NodeHostname=$name NodeAddr=$(Get-OwnAddress) Port=$($ports[1]) CPUs=$CpusPerNode RealMemory=4000
NodeName=n2 NodeHostname=$name NodeAddr=$(Get-OwnAddress) Port=$($ports[2]) CPUs=$CpusPerNode RealMemory=4000
PartitionName=all Nodes=n1,n2 Default=YES MaxTime=60 State=UP
"@
        $env:SLURM_CONF = $cluster.Configuration
        Start-Daemon $cluster slurmctld '-D' '-c' '-f' $cluster.Configuration
        foreach ($node in $cluster.Nodes) {
            Start-Daemon $cluster slurmd '-D' '-c' '-N' $node '-f' $cluster.Configuration
        }

        Assert-Soon { @(& sinfo -h -N -o '%T' 2>$null).Where{ $_ -eq 'idle' }.Count -eq 2 } $cluster slurmctld
        $cluster
    }
    catch {
        Stop-SlurmCluster $cluster
        throw
    }
}

function Stop-SlurmCluster {
    # Ends its jobs, then its daemons, the last one started first, and removes its folder.
    [CmdletBinding()]
    param([AllowNull()] [psobject] $Cluster)

    if (-not $Cluster) {
        return
    }

    $controllers = $Cluster.Daemons.Where{ $_.StartInfo.ArgumentList -like '*/slurmctld' -and -not $_.HasExited }
    if ($controllers) {
        & scancel -u root --signal=KILL --full 2>$null
        & scancel -u root 2>$null
        $null = Wait-Until { -not (& squeue -h 2>$null) } -Timeout '00:00:20'
    }

    $daemons = $Cluster.Daemons.ToArray()
    [array]::Reverse($daemons)
    foreach ($daemon in $daemons) {
        if (-not $daemon.HasExited) {
            & /bin/kill -TERM $daemon.Id
            if (-not $daemon.WaitForExit(10000)) {
                $daemon.Kill()
                $daemon.WaitForExit()
            }
        }

        $daemon.Dispose()
    }

    # What runs the steps of a node that was lost has outlived it.
    Get-StepDaemon $Cluster | ForEach-Object { & /bin/kill -KILL $_ }
    $env:SLURM_CONF = $Cluster.Before
    Remove-Item -LiteralPath $Cluster.Folder -Recurse -Force
}

function Get-SlurmJob {
    # The ids of the jobs that are not over.
    @(& squeue -h -o '%i' | ForEach-Object { [int]$_ })
}

function Suspend-SlurmNode {
    # Its daemon answers no more. What runs on it goes on.
    param([Parameter(Mandatory)] [psobject] $Cluster, [Parameter(Mandatory)] [string] $Name)

    & /bin/kill -STOP (Get-NodeDaemon $Cluster $Name).Id
}

function Resume-SlurmNode {
    param([Parameter(Mandatory)] [psobject] $Cluster, [Parameter(Mandatory)] [string] $Name)

    & /bin/kill -CONT (Get-NodeDaemon $Cluster $Name).Id
}

function Disable-SlurmNode {
    # Kills its daemon and all that runs on it, as when its machine loses power.
    param([Parameter(Mandatory)] [psobject] $Cluster, [Parameter(Mandatory)] [string] $Name)

    $daemon = Get-NodeDaemon $Cluster $Name
    $ids = @(Get-Descendant $daemon.Id)
    $daemon.Kill()
    $daemon.WaitForExit()

    # What runs a step has left its daemon, and says in its name which node it is of.
    $ids += foreach ($path in [System.IO.Directory]::GetDirectories('/proc')) {
        try {
            $environment = [System.IO.File]::ReadAllText("$path/environ").Split("`0")
            if ($environment -ccontains "SLURMD_NODENAME=$Name" -and $environment -ccontains "SLURM_CONF=$($Cluster.Configuration)") {
                [int][System.IO.Path]::GetFileName($path)
            }
        }
        catch [System.IO.IOException], [System.UnauthorizedAccessException] {
            # Ended since it was listed, or a kernel's.
            continue
        }
    }

    if ($ids) {
        & /bin/kill -KILL @ids 2>&1 | Out-Null
    }
}

function Enable-SlurmNode {
    param([Parameter(Mandatory)] [psobject] $Cluster, [Parameter(Mandatory)] [string] $Name)

    $dead = Get-NodeDaemon $Cluster $Name
    $null = $Cluster.Daemons.Remove($dead)
    $dead.Dispose()
    Start-Daemon $Cluster slurmd '-D' '-c' '-N' $Name '-f' $Cluster.Configuration
    & scontrol update "nodename=$Name" state=resume 2>$null
    Assert-Soon { @(& sinfo -h -N -o '%T' 2>$null).Where{ $_ -eq 'idle' }.Count -eq 2 } $Cluster slurmd
}

function Get-Descendant {
    param([int] $Id)

    foreach ($child in @(& pgrep -P $Id)) {
        [int]$child
        Get-Descendant $child
    }
}

function Get-NodeDaemon {
    param([psobject] $Cluster, [string] $Name)

    $Cluster.Daemons.Where{ $_.StartInfo.ArgumentList -contains $Name }[0]
}

function Get-StepDaemon {
    # Each writes to the log of its node, and says nothing else of whose it is: parents and environment are gone.
    param([psobject] $Cluster)

    foreach ($id in @(& pgrep -x slurmstepd)) {
        $logs = Get-ChildItem "/proc/$id/fd" -ErrorAction Ignore | Where-Object { "$($_.Target)".StartsWith("$($Cluster.Folder)/") }
        if ($logs) {
            [int]$id
        }
    }
}

function Start-Daemon {
    param([psobject] $Cluster, [string] $Program, [Parameter(ValueFromRemainingArguments)] [string[]] $Arguments)

    $start = [System.Diagnostics.ProcessStartInfo]::new('/bin/sh')
    @('-c', 'exec "$@" </dev/null >>"$0" 2>&1', "$($Cluster.Folder)/$Program.log", (Find-Daemon $Program)) + $Arguments | ForEach-Object { $start.ArgumentList.Add($_) }
    $daemon = [System.Diagnostics.Process]::Start($start)
    $Cluster.Daemons.Add($daemon)
}

function Assert-Soon {
    param([scriptblock] $Condition, [psobject] $Cluster, [string] $Name)

    $isReady = Wait-Until -Timeout '00:00:30' {
        $Cluster.Daemons.Where{ $_.HasExited } -or (& $Condition)
    }
    $dead = $Cluster.Daemons.Where{ $_.HasExited }
    if ($dead -or -not $isReady) {
        throw "The Slurm of the tests did not start ($Name): $(Get-ChildItem "$($Cluster.Folder)/*.log" -ErrorAction Ignore | Get-Content -Tail 3)"
    }
}

function Find-Daemon {
    # They are not on every user's PATH.
    param([string] $Name)

    foreach ($folder in '/usr/sbin', '/usr/bin', '/usr/local/sbin', '/usr/local/bin') {
        if (Test-Path -LiteralPath "$folder/$Name") {
            return "$folder/$Name"
        }
    }
}

function Get-OwnAddress {
    [System.Net.NetworkInformation.NetworkInterface]::GetAllNetworkInterfaces().Where{ $_.NetworkInterfaceType -ne 'Loopback' } |
        ForEach-Object { $_.GetIPProperties().UnicastAddresses.Address } |
        Where-Object AddressFamily -EQ InterNetwork |
        Select-Object -First 1 -ExpandProperty IPAddressToString
}

function Get-FreePorts {
    # Held together, so that they differ.
    param([int] $Count)

    $listeners = 1..$Count | ForEach-Object { [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Any, 0) }
    $listeners | ForEach-Object { $_.Start(); $_.LocalEndpoint.Port }
    $listeners | ForEach-Object { $_.Stop() }
}

Export-ModuleMember -Function Start-SlurmCluster, Stop-SlurmCluster, Get-SlurmObstacle, Get-SlurmJob, *-SlurmNode
