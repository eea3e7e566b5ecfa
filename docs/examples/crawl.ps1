<#
.SYNOPSIS
    A crawler that feeds itself: each page that is loaded brings the links that are loaded next.
.DESCRIPTION
    Starts at an address, follows every link to the same site once, and writes each page with its title and the number of its links. The
    pages wait in a shared queue that is the batch's input; which are known already is in a shared dictionary. The batch ends by itself
    when no page is waiting or being loaded.

    Without an address it makes a small site of its own, in this process and on this machine only, and crawls that.
.EXAMPLE
    ./docs/examples/crawl.ps1
.EXAMPLE
    ./docs/examples/crawl.ps1 -Uri http://localhost:8080/ -ThrottleLimit 16
#>
param(
    # Where to begin.
    [uri] $Uri,

    # How many pages are loaded at a time.
    [int] $ThrottleLimit = 8
)

$ErrorActionPreference = 'Stop'
if (-not (Get-Command New-SharedState -ErrorAction Ignore)) {
    Import-Module (Join-Path $PSScriptRoot '..' '..' 'out' 'Switchyard')
}

Import-Module (Join-Path $PSScriptRoot 'LocalSite.psm1')
$site = $null
if (-not $Uri) {
    # Page N links to pages 2N, 2N + 1 and back to the first, up to page 40.
    $site = Start-LocalSite {
        param($Request)
        $page = [int]$Request.Url.AbsolutePath.Trim('/')
        $links = (2 * $page), (2 * $page + 1), 1 | Where-Object { $_ -le 40 } | ForEach-Object { "<a href='/$_'>$_</a>" }
        "<html><title>Page $page</title>$links</html>"
    }
    $Uri = "$($site.Uri)1"
}

$queue = New-SharedState Queue pages -Initial $Uri.AbsoluteUri
$known = New-SharedState Dictionary known -Initial @{ $Uri.AbsoluteUri = $true } -CaseSensitive
$client = [System.Net.Http.HttpClient]::new()
try {
    # Nothing more comes from here. What the pages bring is still taken, as long as any is being loaded.
    $queue.Complete()
    $queue | Invoke-ThreadedBatch -ThrottleLimit $ThrottleLimit -RetryCount 2 {
        $page = [uri]$_
        $text = ($using:client).GetStringAsync($page).GetAwaiter().GetResult()
        $links = @(foreach ($match in [regex]::Matches($text, 'href=[''"]([^''"#]+)')) { [uri]::new($page, $match.Groups[1].Value).AbsoluteUri })
        foreach ($link in $links) {
            # One of those who find a page at the same time adds it.
            if (([uri]$link).Authority -eq $page.Authority -and ($using:known).TryAdd($link, $true)) {
                ($using:queue).Enqueue($link)
            }
        }

        [pscustomobject]@{ Page = $page.AbsolutePath; Title = [regex]::Match($text, '<title>(.*?)</title>').Groups[1].Value; Links = $links.Count }
    }
}
finally {
    $client.Dispose()
    $queue.Dispose()
    $known.Dispose()
    if ($site) {
        Stop-LocalSite $site
    }
}
