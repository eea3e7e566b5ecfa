<#
.SYNOPSIS
    Downloads many files, several at a time: with retries, a limit of time for each, and an account of all.
.DESCRIPTION
    Work that waits wants threads, and far more of them than there are cores. Each file is written under another name first and renamed when
    it is whole, so that none is ever seen half written.

    Without addresses it downloads from a small site of its own, in this process and on this machine only, which takes 100 ms for each file
    and refuses one of them twice.
.EXAMPLE
    ./docs/examples/downloads.ps1
.EXAMPLE
    Get-Content urls.txt | ./docs/examples/downloads.ps1 -Destination ./files -ThrottleLimit 8
#>
param(
    # What to download.
    [Parameter(ValueFromPipeline)]
    [uri[]] $Uri,

    # The folder for the files. It is made if it is not there.
    [string] $Destination = (Join-Path ([System.IO.Path]::GetTempPath()) 'switchyard-downloads'),

    # How many at a time.
    [int] $ThrottleLimit = 20
)

begin {
    $ErrorActionPreference = 'Stop'
    if (-not (Get-Command Invoke-ThreadedBatch -ErrorAction Ignore)) {
        Import-Module (Join-Path $PSScriptRoot '..' '..' 'out' 'Switchyard')
    }

    Import-Module (Join-Path $PSScriptRoot 'LocalSite.psm1')
    $addresses = [System.Collections.Generic.List[uri]]::new()
}

process {
    foreach ($address in $Uri) { $addresses.Add($address) }
}

end {
    $site = $null
    $client = [System.Net.Http.HttpClient]::new()
    try {
        if ($addresses.Count -eq 0) {
            $site = Start-LocalSite -State (New-SharedState Counter) -ThrottleLimit $ThrottleLimit {
                param($Request, $Response, $Refused)
                Start-Sleep -Milliseconds 100
                if ($Request.Url.AbsolutePath -eq '/file7.txt' -and $Refused.Increment() -le 2) {
                    $Response.StatusCode = 503
                    return
                }

                "This is $($Request.Url.AbsolutePath). " * 1000
            }
            1..40 | ForEach-Object { $addresses.Add("$($site.Uri)file$_.txt") }
        }

        $folder = (New-Item -ItemType Directory -Path $Destination -Force).FullName
        $watch = [System.Diagnostics.Stopwatch]::StartNew()
        $results = @($addresses | Invoke-ThreadedBatch -AsResult -ThrottleLimit $ThrottleLimit -RetryCount 3 -RetryDelaySeconds 0.2 -ItemTimeoutSeconds 60 -TotalCount $addresses.Count {
                $file = Join-Path $using:folder ([System.IO.Path]::GetFileName($_.AbsolutePath))
                [System.IO.File]::WriteAllBytes("$file.part", ($using:client).GetByteArrayAsync($_).GetAwaiter().GetResult())
                [System.IO.File]::Move("$file.part", $file, $true)
                [System.IO.FileInfo]::new($file)
            })

        $done = @($results | Where-Object Status -EQ Succeeded)
        $bytes = ($done | ForEach-Object { $_.Output[0].Length } | Measure-Object -Sum).Sum
        '{0} of {1} files, {2:n0} kB in {3:n1} s, {4} tries' -f $done.Count, $results.Count, ($bytes / 1KB), $watch.Elapsed.TotalSeconds, ($results | Measure-Object Attempts -Sum).Sum
        $results | Where-Object Status -NE Succeeded | ForEach-Object { Write-Warning "$($_.InputObject): $($_.Errors[-1])" }
    }
    finally {
        $client.Dispose()
        if ($site) {
            Stop-LocalSite $site
        }
    }
}
