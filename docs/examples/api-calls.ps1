<#
.SYNOPSIS
    Asks a service for many records, and keeps to its limits: so many calls a second, and a pause when it says so.
.DESCRIPTION
    -RateLimit starts no more calls in a second than were agreed. Where the service still refuses, it says for how long in Retry-After:
    with -RetryCount all workers wait that long. -MaxFailures ends what goes wrong altogether.

    It asks a small service of its own, in this process and on this machine only, which refuses every tenth record the first time.
.EXAMPLE
    ./docs/examples/api-calls.ps1 -First 30 -RateLimit 50
#>
param(
    # How many records are asked for.
    [int] $First = 40,

    # How many calls a second were agreed.
    [double] $RateLimit = 100
)

$ErrorActionPreference = 'Stop'
if (-not (Get-Command Invoke-ThreadedBatch -ErrorAction Ignore)) {
    Import-Module (Join-Path $PSScriptRoot '..' '..' 'out' 'Switchyard')
}

Import-Module (Join-Path $PSScriptRoot 'LocalSite.psm1')
$service = Start-LocalSite -State (New-SharedState Dictionary) {
    param($Request, $Response, $Asked)
    $id = [int]$Request.Url.AbsolutePath.Trim('/')
    $Response.ContentType = 'application/json'
    if ($id % 10 -eq 0 -and $Asked.TryAdd($id, $true)) {
        $Response.StatusCode = 429
        $Response.Headers['Retry-After'] = '1'
        return '{"error":"too many"}'
    }

    '{{"id":{0},"name":"record {0}"}}' -f $id
}

try {
    # The first line of the body makes a refusal a failure, which is tried again.
    1..$First | Invoke-ThreadedBatch -KeepOrder -RateLimit $RateLimit -RetryCount 3 -MaxFailures 5 -ItemTimeoutSeconds 30 -ArgumentList $service.Uri {
        param($Uri)
        $ErrorActionPreference = 'Stop'
        Invoke-RestMethod "$Uri$_"
    }
}
finally {
    Stop-LocalSite $service
}
