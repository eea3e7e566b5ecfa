# Networks of the tests' own: each is a namespace with one address, at the end of a cable that can be cut, worn or narrowed without anything else on this machine
# taking notice. For root on Linux. Remove-NetworkNamespace leaves nothing of it.

function Get-NamespaceObstacle {
    # Why there can be no such networks here, in one line; nothing if there can.
    if (-not $IsLinux -or [Environment]::UserName -ne 'root') {
        return 'The networks of the tests need root on Linux.'
    }

    foreach ($program in 'ip', 'tc', 'iptables', 'nsenter') {
        if (-not (Get-Command $program -CommandType Application -ErrorAction Ignore)) {
            return "The networks of the tests need '$program' (packages iproute2, iptables and util-linux)."
        }
    }

    try {
        Remove-NetworkNamespace (New-NetworkNamespace)
    }
    catch {
        "The networks of the tests cannot be made here: $_"
    }
}

function New-NetworkNamespace {
    # One with Address, which this machine reaches, and OwnAddress, as which it is seen there.
    $name = "sw$("$(New-Guid)".Substring(0, 8))"
    foreach ($attempt in 1..20) {
        # Of the block that is reserved for tests between networks.
        $net = "198.18.$(Get-Random -Maximum 256).$(4 * (Get-Random -Maximum 64))"
        if (-not (& ip route show to exact "$net/30")) {
            break
        }
    }

    $parts = $net.Split('.')
    $start = $parts[0..2] -join '.'
    $network = [pscustomobject]@{
        Name = $name; Path = "/run/netns/$name"; Interface = "${name}a"; OwnAddress = "$start.$(1 + $parts[3])"; Address = "$start.$(2 + $parts[3])"
    }
    try {
        Invoke-Network ip netns add $name
        Invoke-Network ip link add "${name}a" type veth peer name "${name}b"
        Invoke-Network ip link set "${name}b" netns $name
        Invoke-Network ip address add "$($network.OwnAddress)/30" dev "${name}a"
        Invoke-Network ip link set "${name}a" up
        Invoke-Network ip -n $name address add "$($network.Address)/30" dev "${name}b"
        Invoke-Network ip -n $name link set "${name}b" up
        Invoke-Network ip -n $name link set lo up
        $network
    }
    catch {
        Remove-NetworkNamespace $network
        throw
    }
}

function Remove-NetworkNamespace {
    param([AllowEmptyCollection()] [AllowNull()] [psobject[]] $Network)

    foreach ($each in $Network) {
        # The cable goes with one of its ends.
        $null = & ip link delete $each.Interface 2>&1
        $null = & ip netns delete $each.Name 2>&1
    }
}

function Set-Network {
    <#
    .SYNOPSIS
        Makes a network as bad as is said, and as good as new in every other way.
    .DESCRIPTION
        -Silence drops all packets without an answer. -Reset answers each with the end of its connection. -Loss drops so many of a hundred, at random.
        -Rate is in bits, as tc takes it. -Delay needs the kernel's netem.
    #>
    param([Parameter(Mandatory)] [psobject] $Network, [switch] $Silence, [switch] $Reset, [int] $Loss, [string] $Rate, [string] $Delay)

    Invoke-Network nsenter "--net=$($Network.Path)" iptables -w -F
    $null = & tc qdisc delete dev $Network.Interface root 2>&1
    $null = & tc -n $Network.Name qdisc delete dev "$($Network.Name)b" root 2>&1
    foreach ($chain in 'INPUT', 'OUTPUT') {
        if ($Silence) {
            Invoke-Network nsenter "--net=$($Network.Path)" iptables -w -A $chain -j DROP
        }

        if ($Loss) {
            Invoke-Network nsenter "--net=$($Network.Path)" iptables -w -A $chain -m statistic --mode random --probability ($Loss / 100) -j DROP
        }
    }

    if ($Reset) {
        Invoke-Network nsenter "--net=$($Network.Path)" iptables -w -A INPUT -p tcp -j REJECT --reject-with tcp-reset
    }

    $limit = if ($Rate) { 'tbf', 'rate', $Rate, 'burst', '16kb', 'latency', '200ms' } elseif ($Delay) { @('netem', 'delay') + $Delay.Split(' ') }
    if ($limit) {
        Invoke-Network tc qdisc add dev $Network.Interface root @limit
        Invoke-Network tc -n $Network.Name qdisc add dev "$($Network.Name)b" root @limit
    }
}

function Invoke-Network {
    $program, $arguments = $args
    $said = & $program @arguments 2>&1
    if ($LASTEXITCODE -ne 0) {
        throw "'$args' failed: $said"
    }
}

Export-ModuleMember -Function *-NetworkNamespace, Get-NamespaceObstacle, Set-Network
