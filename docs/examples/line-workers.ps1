<#
.SYNOPSIS
    Persistent workers in other languages: a program that is slow to start is started once for each slot, and asked line by line.
.DESCRIPTION
    Sends texts to line-worker.py as JSON, whose answers come back as objects, and names to line-worker.sh.
.EXAMPLE
    ./docs/examples/line-workers.ps1
#>
$ErrorActionPreference = 'Stop'
if (-not (Get-Command Invoke-ProcessBatch -ErrorAction Ignore)) {
    Import-Module (Join-Path $PSScriptRoot '..' '..' 'out' 'Switchyard')
}

# JSON keeps quotes, line breaks and everything else of an item within one line.
'to be or not to be', "two`nlines", 'a "quoted" word' | ForEach-Object { ConvertTo-Json $_ -Compress } |
    Invoke-ProcessBatch -FilePath python3 -ArgumentList (Join-Path $PSScriptRoot 'line-worker.py') -InputMode Line -KeepOrder |
    ForEach-Object { ConvertFrom-Json $_ } |
    ForEach-Object { '{0} words' -f $_.words }

'Ada', 'Grace' | Invoke-ProcessBatch -FilePath (Join-Path $PSScriptRoot 'line-worker.sh') -InputMode Line -KeepOrder
