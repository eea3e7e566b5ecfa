<#
.SYNOPSIS
    Counts the words of many files on worker processes, into one dictionary that all of them share.
.DESCRIPTION
    Each process counts a file by itself, which is what takes the time, and then adds its counts to the shared dictionary. The addition is
    atomic, so no count is lost, however many add to the same word at once.
.EXAMPLE
    ./docs/examples/word-count.ps1 -Path ./docs -First 10
#>
param(
    # Where the files are.
    [string] $Path = (Join-Path $PSScriptRoot '..'),

    # Which files.
    [string] $Filter = '*.md',

    # How many words are shown.
    [int] $First = 10
)

$ErrorActionPreference = 'Stop'
if (-not (Get-Command New-SharedState -ErrorAction Ignore)) {
    Import-Module (Join-Path $PSScriptRoot '..' '..' 'out' 'Switchyard')
}

$words = New-SharedState Dictionary words
try {
    Get-ChildItem -LiteralPath $Path -Filter $Filter -File -Recurse | Invoke-ProcessBatch {
        $own = @{}
        foreach ($match in [regex]::Matches([System.IO.File]::ReadAllText($_.FullName), '\p{L}+')) {
            $own[$match.Value] = 1 + $own[$match.Value]
        }

        # Not $own.Keys: if a text has the word "keys", that is how often.
        foreach ($count in $own.GetEnumerator()) {
            $null = ($using:words).AddOrUpdate($count.Key, $count.Value, $count.Value)
        }
    }

    $words.ToHashtable().GetEnumerator() | Sort-Object { - $_.Value }, Key | Select-Object -First $First |
        ForEach-Object { [pscustomobject]@{ Word = $_.Key; Total = $_.Value } }
}
finally {
    $words.Dispose()
}
