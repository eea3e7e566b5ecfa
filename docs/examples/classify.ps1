<#
.SYNOPSIS
    Asks a model in Python for each text: it is loaded once for each worker, and not once for each text.
.DESCRIPTION
    classify-model.py learns when it starts, and answers each line with one line. Texts go as JSON, so that they may hold anything, and the
    answers come back as objects. A worker that dies costs the text that it was on and is started anew.
.EXAMPLE
    'the app shows an error', 'I was charged twice' | ./docs/examples/classify.ps1
#>
param(
    # The texts.
    [Parameter(Mandatory, ValueFromPipeline)]
    [string[]] $Text
)

begin {
    $ErrorActionPreference = 'Stop'
    if (-not (Get-Command Invoke-ProcessBatch -ErrorAction Ignore)) {
        Import-Module (Join-Path $PSScriptRoot '..' '..' 'out' 'Switchyard')
    }

    $texts = [System.Collections.Generic.List[string]]::new()
}

process {
    $texts.AddRange($Text)
}

end {
    $texts | ForEach-Object { ConvertTo-Json $_ -Compress } |
        Invoke-ProcessBatch -FilePath python3 -ArgumentList (Join-Path $PSScriptRoot 'classify-model.py') -InputMode Line -KeepOrder -CrashRetryCount 1 -ItemTimeoutSeconds 30 |
        ForEach-Object { ConvertFrom-Json $_ }
}
