<#
.SYNOPSIS
    Hashes and compresses every file of a tree, and writes a list by which the copy can be checked.
.DESCRIPTION
    Hashing and compressing happen inside .NET calls, which scale on threads: no process has to be started. Each file is read once, and goes
    through the hash into the compressor. The copy has the tree's folders.
.EXAMPLE
    ./docs/examples/archive-tree.ps1 -Path ./src -Destination ./src-packed
#>
param(
    # The tree.
    [Parameter(Mandatory)]
    [string] $Path,

    # The folder for the copy. It is made if it is not there.
    [Parameter(Mandatory)]
    [string] $Destination
)

$ErrorActionPreference = 'Stop'
if (-not (Get-Command Invoke-ThreadedBatch -ErrorAction Ignore)) {
    Import-Module (Join-Path $PSScriptRoot '..' '..' 'out' 'Switchyard')
}

$source = (Get-Item -LiteralPath $Path).FullName
$target = (New-Item -ItemType Directory -Path $Destination -Force).FullName
$list = Join-Path $target 'files.csv'
$files = @(Get-ChildItem -LiteralPath $source -Recurse -File)
$entries = $files | Invoke-ThreadedBatch -KeepOrder -ThrottleLimit ([Environment]::ProcessorCount) -TotalCount $files.Count {
    $name = [System.IO.Path]::GetRelativePath($using:source, $_.FullName)
    $packed = Join-Path $using:target "$name.gz"
    $null = [System.IO.Directory]::CreateDirectory([System.IO.Path]::GetDirectoryName($packed))
    $bytes = [System.IO.File]::ReadAllBytes($_.FullName)
    $stream = [System.IO.Compression.GZipStream]::new([System.IO.File]::Create($packed), [System.IO.Compression.CompressionLevel]::Optimal)
    try { $stream.Write($bytes, 0, $bytes.Length) } finally { $stream.Dispose() }
    [pscustomobject]@{
        Name   = $name
        Length = $bytes.Length
        Packed = [System.IO.FileInfo]::new($packed).Length
        Sha256 = [Convert]::ToHexString([System.Security.Cryptography.SHA256]::HashData($bytes))
    }
}

$entries | Export-Csv -LiteralPath $list
'{0:n0} files, {1:n1} MB, packed {2:n1} MB; their hashes are in {3}' -f $files.Count,
    (($entries | Measure-Object Length -Sum).Sum / 1MB), (($entries | Measure-Object Packed -Sum).Sum / 1MB), $list
