# A small site on this machine for the examples that ask a server: nothing leaves the machine, and nothing has to be installed.

<#
.SYNOPSIS
    Starts a site that answers each request with what a script block writes.
.PARAMETER Answer
    Is given the request (HttpListenerRequest), the response, whose status and headers it may set, and the state. What it writes is the answer:
    bytes, or text.
.PARAMETER State
    Something that all answers share, such as New-SharedState makes.
.PARAMETER ThrottleLimit
    How many requests are answered at a time; further ones wait.
#>
function Start-LocalSite {
    param(
        [Parameter(Mandatory)]
        [scriptblock] $Answer,

        [object] $State,

        [int] $ThrottleLimit = 4
    )

    # The first port that is free. A listener that could not start is good for nothing more.
    for ($port = 49200; ; $port++) {
        $listener = [System.Net.HttpListener]::new()
        $listener.Prefixes.Add("http://localhost:$port/")
        try { $listener.Start(); break } catch [System.Net.HttpListenerException] { if ($port -gt 49300) { throw } }
    }

    # A script block belongs to the session that made it, so its text goes to the workers.
    $job = 1..$ThrottleLimit | Invoke-ThreadedBatch -AsJob -Name "site on port $port" -ThrottleLimit $ThrottleLimit -ArgumentList $listener, "$Answer", $State {
        param($Listener, $Text, $State)
        $answer = [scriptblock]::Create($Text)
        while ($Listener.IsListening) {
            # Closed while it waits: that is the end.
            try { $context = $Listener.GetContext() } catch { return }
            try {
                $body = & $answer $context.Request $context.Response $State
                [byte[]] $bytes = if ($body -is [byte[]]) { $body } else { [System.Text.Encoding]::UTF8.GetBytes("$body") }
                if ($bytes) {
                    $context.Response.OutputStream.Write($bytes, 0, $bytes.Length)
                }

                $context.Response.Close()
            }
            catch {
                # The client sees the connection end; the site goes on.
                Write-Warning "$($context.Request.Url) could not be answered: $_"
                $context.Response.Abort()
            }
        }
    }

    [pscustomobject]@{ Uri = "http://localhost:$port/"; Listener = $listener; Job = $job }
}

<#
.SYNOPSIS
    Ends a site, and waits until it has.
#>
function Stop-LocalSite {
    param(
        [Parameter(Mandatory)]
        [psobject] $Site
    )

    $Site.Listener.Stop()
    $Site.Job | Wait-Job | Remove-Job
    $Site.Listener.Close()
}

Export-ModuleMember -Function Start-LocalSite, Stop-LocalSite
