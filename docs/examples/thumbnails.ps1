<#
.SYNOPSIS
    Makes thumbnails of a folder of pictures with ffmpeg, as many at a time as there are cores.
.DESCRIPTION
    A program computes in a process of its own anyway, so Invoke-ThreadedBatch -FilePath is all it takes. Each element of -ArgumentList is one
    argument, whatever the file's name holds, and what ffmpeg writes to standard error fails nothing. -OutputDirectory would keep it.

    Where a picture cannot be read the others are made all the same, and the table at the end says which.
.EXAMPLE
    ./docs/examples/thumbnails.ps1 -Path ./photos -Destination ./thumbnails
#>
param(
    # The folder with the pictures.
    [Parameter(Mandatory)]
    [string] $Path,

    # The folder for the thumbnails. It is made if it is not there.
    [Parameter(Mandatory)]
    [string] $Destination,

    # How wide they are, in pixels.
    [int] $Width = 160
)

$ErrorActionPreference = 'Stop'
if (-not (Get-Command Invoke-ThreadedBatch -ErrorAction Ignore)) {
    Import-Module (Join-Path $PSScriptRoot '..' '..' 'out' 'Switchyard')
}

$target = (New-Item -ItemType Directory -Path $Destination -Force).FullName
$results = Get-ChildItem -LiteralPath $Path -File | Where-Object Extension -In '.jpg', '.jpeg', '.png', '.bmp' |
    Invoke-ThreadedBatch -AsResult -KeepOrder -ItemTimeoutSeconds 60 -ErrorAction SilentlyContinue -FilePath ffmpeg -ArgumentList @(
        # Its own threads would fight with the batch's for the cores.
        '-nostdin', '-hide_banner', '-loglevel', 'error', '-y', '-threads', '1', '-i', '{}', '-vf', "scale=${Width}:-1"
        { Join-Path $target "$($_.BaseName).jpg" }
    )

foreach ($result in $results) {
    [pscustomobject]@{
        Name     = $result.InputObject.Name
        Status   = $result.Status
        Seconds  = [Math]::Round($result.Duration.TotalSeconds, 2)
        LastWord = "$($result.Errors | Select-Object -Last 1)"
    }
}
