# Small enough to know by heart: something to call, and state that shows which session it lives in.

$calls = 0

function Get-TestGreeting {
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory, ValueFromPipeline)] [string] $Name)

    process { "Hello, $Name!" }
}

function Get-TestCallCount {
    [CmdletBinding()]
    [OutputType([int])]
    param()

    $script:calls++
    $script:calls
}

function Invoke-TestBatch {
    # A module's own function that runs a batch with what only the module knows.
    [CmdletBinding()]
    param([Parameter(Mandatory)] [object[]] $Item)

    $prefix = 'from the module'
    $Item | Invoke-ThreadedBatch { "$using:prefix $_" } -KeepOrder
}
