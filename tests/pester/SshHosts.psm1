# Hosts to reach by SSH: servers of the tests' own on loopback ports, each with its own home, cache and temporary folder, as if it were another machine.
# All that they need is in one folder. Linux only: what runs on a host is found in /proc.

Import-Module (Join-Path $PSScriptRoot 'Common.psm1')

# What runs on a host inherits this variable, however it was started.
$mark = 'SWITCHYARD_TEST_HOST'

function Get-SshObstacle {
    # Why there can be no such hosts here, in one line; nothing if there can.
    if (-not $IsLinux) {
        return 'The SSH hosts of the tests need Linux.'
    }

    foreach ($program in 'ssh', 'ssh-keygen', '/usr/sbin/sshd') {
        if (-not (Get-Command $program -CommandType Application -ErrorAction Ignore)) {
            return "The SSH hosts of the tests need '$program' (packages openssh-client and openssh-server)."
        }
    }
}

function Start-SshHost {
    <#
    .SYNOPSIS
        Starts hosts, and returns them once they answer. With -Namespace each is alone in one of those that New-NetworkNamespace has made.
    .DESCRIPTION
        Each has Alias (node1, node2, ..., for an ssh that reads ConfigFile), HostName, Port, UserName and KeyFilePath, Options as PowerShell's remoting takes
        them, HomePath, BinPath (which holds its 'pwsh', first on its PATH) and TemporaryPath. ClientPath, which they share, is a folder with an 'ssh' that reads
        ConfigFile as if it were the user's own: put it first on the PATH to reach hosts by their aliases alone.
    #>
    [CmdletBinding()]
    param([int] $Count = 2, [psobject[]] $Namespace)

    $folder = Join-Path ([System.IO.Path]::GetTempPath()) "swssh-$(New-Guid)".Substring(0, 14)
    $null = New-Item -ItemType Directory $folder, "$folder/client"
    $hosts = [System.Collections.Generic.List[psobject]]::new()
    try {
        & chmod 700 $folder
        foreach ($key in 'user', 'host') {
            & ssh-keygen -q -t ed25519 -N '' -C switchyard-tests -f "$folder/$key"
        }

        # Where the server looks for a folder of its own that is empty.
        $null = New-Item -ItemType Directory -Force /run/sshd -ErrorAction Ignore
        Set-Program "$folder/client/ssh" "exec $((Get-Command ssh -CommandType Application)[0].Source) -F '$folder/config' `"`$@`""
        foreach ($number in 1..$($Namespace ? $Namespace.Count : $Count)) {
            $hosts.Add((Start-Server $folder "node$number" ($Namespace ? $Namespace[$number - 1] : $null)))
        }

        $hosts
    }
    catch {
        Stop-SshHost $hosts
        Remove-Item -LiteralPath $folder -Recurse -Force -ErrorAction Ignore
        throw
    }
}

function Stop-SshHost {
    # Ends the hosts and all that runs on them, and removes their folder.
    [CmdletBinding()]
    param([AllowEmptyCollection()] [AllowNull()] [psobject[]] $SshHost)

    foreach ($each in $SshHost) {
        Unblock-SshHost $each
        Disable-SshHost $each
        $each.Server.Dispose()
    }

    $SshHost | Select-Object -ExpandProperty Folder -Unique | Remove-Item -Recurse -Force
}

function Get-SshHostProcess {
    # The ids of all that runs on a host, without its server: an empty list means that nothing was left.
    param([Parameter(Mandatory)] [psobject] $SshHost)

    $parents = @{}
    $found = [System.Collections.Generic.HashSet[int]]::new()
    foreach ($path in [System.IO.Directory]::GetDirectories('/proc')) {
        $id = 0
        if (-not [int]::TryParse([System.IO.Path]::GetFileName($path), [ref] $id)) {
            continue
        }

        try {
            $status = [System.IO.File]::ReadAllText("$path/stat")
            $state, $parent = $status.Substring($status.LastIndexOf(')') + 2).Split(' ')[0, 1]
            if ($state -ne 'Z') {
                $parents[$id] = [int]$parent
                if ([System.IO.File]::ReadAllText("$path/environ").Split("`0") -ccontains "$mark=$($SshHost.Mark)") {
                    $null = $found.Add($id)
                }
            }
        }
        catch [System.IO.IOException], [System.UnauthorizedAccessException] {
            # Ended since it was listed.
            continue
        }
    }

    # The server's own processes overwrite where their environment was.
    $null = $found.Add($SshHost.Server.Id)
    do {
        $before = $found.Count
        foreach ($id in $parents.Keys) {
            if ($found.Contains($parents[$id])) {
                $null = $found.Add($id)
            }
        }
    } while ($found.Count -gt $before)

    $null = $found.Remove($SshHost.Server.Id)
    $found
}

function Suspend-SshHost {
    # Freezes it: its system answers no more, and its connections stay.
    param([Parameter(Mandatory)] [psobject] $SshHost)

    Send-Signal STOP (@($SshHost.Server.Id) + @(Get-SshHostProcess $SshHost))
}

function Resume-SshHost {
    param([Parameter(Mandatory)] [psobject] $SshHost)

    Send-Signal CONT (@($SshHost.Server.Id) + @(Get-SshHostProcess $SshHost))
}

function Disable-SshHost {
    # Kills all that runs on it, and its server: connections end, new ones are refused.
    param([Parameter(Mandatory)] [psobject] $SshHost)

    # The server first, so that nothing new starts. What is killed can have started something since it was listed.
    if (-not $SshHost.Server.HasExited) {
        $ids = @(Get-SshHostProcess $SshHost)
        $SshHost.Server.Kill()
        $SshHost.Server.WaitForExit()
        Send-Signal KILL $ids
    }

    while ($ids = @(Get-SshHostProcess $SshHost)) {
        Send-Signal KILL $ids
    }
}

function Enable-SshHost {
    # Starts the server of one that was disabled, on the same port.
    param([Parameter(Mandatory)] [psobject] $SshHost)

    $SshHost.Server = Wait-Server $SshHost.HomePath $SshHost.Mark $SshHost.Port $SshHost.Namespace
    if (-not $SshHost.Server) {
        throw "The server of '$($SshHost.Alias)' did not start: $(Get-Content "$($SshHost.HomePath)/sshd.log" -Raw)"
    }
}

function Block-SshHost {
    # Unplugs it: packets to and from its port are dropped without an answer. As root only.
    param([Parameter(Mandatory)] [psobject] $SshHost)

    foreach ($side in '--dport', '--sport') {
        & iptables -w -I INPUT -i lo -p tcp $side $SshHost.Port -j DROP
    }
}

function Unblock-SshHost {
    param([Parameter(Mandatory)] [psobject] $SshHost)

    if (Get-Command iptables -CommandType Application -ErrorAction Ignore) {
        foreach ($side in '--dport', '--sport') {
            do {
                $null = & iptables -w -D INPUT -i lo -p tcp $side $SshHost.Port -j DROP 2>&1
            } while ($LASTEXITCODE -eq 0)
        }
    }
}

function Start-Server {
    param([string] $Folder, [string] $Alias, [psobject] $Namespace)

    $address = $Namespace ? $Namespace.Address : '127.0.0.1'
    $root = "$Folder/$Alias"
    $user = [Environment]::UserName
    $null = New-Item -ItemType Directory $root, "$root/bin", "$root/tmp"
    $pwsh = Get-Pwsh
    Set-Program "$root/bin/pwsh" "exec $(@(@($pwsh.Program) + $pwsh.Before | ForEach-Object { "'$_'" }) -join ' ') `"`$@`""

    # Unique on the machine, as others may run the same tests.
    $mark = "$(Split-Path -Leaf $Folder)-$Alias"
    foreach ($attempt in 1..5) {
        $port = Get-FreePort
        Set-Content "$root/sshd_config" @"
ListenAddress $address
Port $port
HostKey $Folder/host
PidFile $root/sshd.pid
AuthorizedKeysFile $Folder/user.pub
PermitRootLogin yes
PasswordAuthentication no
KbdInteractiveAuthentication no
StrictModes no
UsePAM no
PrintMotd no
MaxStartups 500
MaxSessions 500
SetEnv $script:mark=$mark HOME=$root PATH=$root/bin:/usr/local/bin:/usr/bin:/bin TMPDIR=$root/tmp DOTNET_ROOT=$env:DOTNET_ROOT POWERSHELL_TELEMETRY_OPTOUT=1 POWERSHELL_UPDATECHECK=Off
ForceCommand cd "`$HOME" && eval "`$SSH_ORIGINAL_COMMAND"
"@
        if ($server = Wait-Server $root $mark $port $Namespace) {
            break
        }
    }

    if (-not $server) {
        throw "The server of '$Alias' did not start: $(Get-Content "$root/sshd.log" -Raw)"
    }

    $hostKey = ((Get-Content "$Folder/host.pub") -split ' ')[0, 1] -join ' '
    Add-Content "$Folder/known_hosts" "[$address]:$port $hostKey"
    Add-Content "$Folder/config" @"
Host $Alias
  HostName $address
  Port $port
  User $user
  IdentityFile $Folder/user
  IdentitiesOnly yes
  UserKnownHostsFile $Folder/known_hosts
  StrictHostKeyChecking yes
"@
    [pscustomobject]@{
        Alias         = $Alias
        HostName      = $address
        Namespace     = $Namespace
        Port          = $port
        UserName      = $user
        KeyFilePath   = "$Folder/user"
        Options       = @{ UserKnownHostsFile = "$Folder/known_hosts"; StrictHostKeyChecking = 'yes'; IdentitiesOnly = 'yes' }
        ConfigFile    = "$Folder/config"
        ClientPath    = "$Folder/client"
        HomePath      = $root
        BinPath       = "$root/bin"
        TemporaryPath = "$root/tmp"
        Folder        = $Folder
        Mark          = $mark
        Server        = $server
    }
}

function Wait-Server {
    # Starts a server and waits until it answers. Nothing if it ended, as when another has taken its port.
    param([string] $HomePath, [string] $Mark, [int] $Port, [psobject] $Namespace)

    $command = @(if ($Namespace) { 'nsenter', "--net=$($Namespace.Path)" }) + '/usr/sbin/sshd', '-D', '-f', "$HomePath/sshd_config", '-E', "$HomePath/sshd.log"
    $start = [System.Diagnostics.ProcessStartInfo]::new($command[0])
    $command | Select-Object -Skip 1 | ForEach-Object { $start.ArgumentList.Add($_) }
    $start.Environment[$script:mark] = $Mark
    $server = [System.Diagnostics.Process]::Start($start)
    if (-not (Wait-Until { $server.HasExited -or (Test-Banner ($Namespace ? $Namespace.Address : '127.0.0.1') $Port) } -Timeout '00:00:30')) {
        $server.Kill()
    }

    if (-not $server.HasExited) {
        $server
    }
}

function Test-Banner {
    param([string] $Address, [int] $Port)

    $client = [System.Net.Sockets.TcpClient]::new()
    try {
        $client.Connect($Address, $Port)
        $client.ReceiveTimeout = 5000
        [System.IO.StreamReader]::new($client.GetStream()).ReadLine() -like 'SSH-*'
    }
    catch [System.Net.Sockets.SocketException], [System.IO.IOException] {
        $false
    }
    finally {
        $client.Dispose()
    }
}

function Get-FreePort {
    $listener = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
    $listener.Start()
    $listener.LocalEndpoint.Port
    $listener.Stop()
}

function Set-Program {
    param([string] $Path, [string] $Command)

    Set-Content -LiteralPath $Path "#!/bin/sh`n$Command"
    & chmod 755 $Path
}

function Send-Signal {
    param([string] $Name, [int[]] $Id)

    if ($Id) {
        # Those that have ended since are none of the caller's concern.
        & /bin/kill "-$Name" $Id 2>&1 | Out-Null
    }
}

Export-ModuleMember -Function *-SshHost, Get-SshObstacle, Get-SshHostProcess
