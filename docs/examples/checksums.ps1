<#
.SYNOPSIS
    Writes the hash of each file, several at a time. checksums.Tests.ps1 beside it shows how a batch of one's own is tested.
.EXAMPLE
    Get-ChildItem ./src -Recurse -File | ./docs/examples/checksums.ps1
#>
param(
    # The files.
    [Parameter(Mandatory, ValueFromPipeline)]
    [System.IO.FileInfo] $File
)

begin {
    $files = [System.Collections.Generic.List[System.IO.FileInfo]]::new()
}

process {
    $files.Add($File)
}

end {
    $files | Invoke-ThreadedBatch -KeepOrder {
        [pscustomobject]@{ Name = $_.Name; Sha256 = (Get-FileHash -LiteralPath $_.FullName -Algorithm SHA256 -ErrorAction Stop).Hash }
    }
}
