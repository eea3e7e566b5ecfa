# What the test files share. Each imports it in BeforeAll and calls Import-BuiltModule.

$manifest = Join-Path $PSScriptRoot '..' '..' 'out' 'Switchyard' 'Switchyard.psd1'

function Get-BuiltManifest {
    if (-not (Test-Path -LiteralPath $manifest)) {
        throw "There is no built module at '$manifest'. Run 'dotnet build src/Switchyard' first."
    }

    (Resolve-Path -LiteralPath $manifest).ProviderPath
}

function Import-BuiltModule {
    Import-Module (Get-BuiltManifest) -Global -ErrorAction Stop
}

function Find-TestProgram {
    # The program of tests/TestProgram: as it was built for this system, else as published for it.
    $name = if ($IsWindows) { 'TestProgram.exe' } else { 'TestProgram' }
    foreach ($folder in 'TestProgram', 'windows/TestProgram') {
        $path = Join-Path $PSScriptRoot '..' '..' 'out' $folder $name
        if (Test-Path -LiteralPath $path) {
            return (Resolve-Path -LiteralPath $path).ProviderPath
        }
    }
}

function Get-Pwsh {
    # How the running PowerShell is started: its program, and what the command line begins with. As a .NET tool it is an assembly
    # that 'dotnet' runs. Path is what a user would name.
    $own = [Environment]::ProcessPath
    $tool = @(if ((Split-Path -LeafBase $own) -eq 'dotnet') { Join-Path $PSHOME 'pwsh.dll' })
    [pscustomobject]@{ Program = $own; Before = $tool; Path = @($tool + $own)[0] }
}

function Invoke-Pwsh {
    $pwsh = Get-Pwsh
    & $pwsh.Program $pwsh.Before @args
}

function Start-Pwsh {
    # In the background. Start-Process leaves it to its caller to quote.
    param([Parameter(Mandatory)] [string[]] $ArgumentList)

    $pwsh = Get-Pwsh
    Start-Process -PassThru -FilePath $pwsh.Program -ArgumentList (@($pwsh.Before | ForEach-Object { "`"$_`"" }) + $ArgumentList)
}

function Wait-Until {
    # Looks again and again rather than once after a sleep: a test takes as long as it must and no longer. Only one that fails
    # waits until the timeout.
    param([Parameter(Mandatory)] [scriptblock] $Condition, [timespan] $Timeout = '00:00:30')

    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    while (-not (& $Condition)) {
        if ($clock.Elapsed -gt $Timeout) {
            return $false
        }

        [System.Threading.Thread]::Sleep(5)
    }

    $true
}

function Get-WorkerThreadCount {
    if (-not $IsLinux) {
        return 0
    }

    $count = 0
    foreach ($thread in [System.IO.Directory]::GetDirectories('/proc/self/task')) {
        try {
            # The kernel keeps 15 characters of a thread's name.
            if ([System.IO.File]::ReadAllText("$thread/comm").StartsWith('Switchyard')) {
                $count++
            }
        }
        catch [System.IO.IOException] {
            # Ended since it was listed.
            continue
        }
    }

    $count
}

function Get-Footprint {
    [pscustomobject]@{ Runspaces = @(Get-Runspace).Count; Threads = Get-WorkerThreadCount; Jobs = @(Get-Job).Count }
}

function Clear-Worker {
    # Ends the processes that were kept, so that a test finds none of another's.
    [Switchyard.Core.RemoteWorkers.Client.RemoteWorkerPool]::Shared.Clear()
}

function Assert-NoLeak {
    # What a batch opened is gone when it has returned, or soon after where something had to be abandoned. Warm processes are meant to stay.
    param([Parameter(Mandatory)] [psobject] $Before)

    Clear-Worker

    $isBack = Wait-Until {
        $script:now = Get-Footprint
        $now.Runspaces -le $Before.Runspaces -and $now.Threads -le $Before.Threads -and $now.Jobs -le $Before.Jobs
    }
    if (-not $isBack) {
        throw "Left behind: runspaces $($Before.Runspaces) -> $($now.Runspaces), worker threads $($Before.Threads) -> $($now.Threads), jobs $($Before.Jobs) -> $($now.Jobs)."
    }
}

function New-Shell {
    # A [powershell] in a session of its own, with the module imported. To be disposed of by the test.
    $shell = [powershell]::Create()
    $null = $shell.AddScript('param($path) Import-Module $path -ErrorAction Stop').AddArgument((Get-BuiltManifest)).Invoke()
    $shell.Commands.Clear()
    $shell
}

function Invoke-Shell {
    # Runs a script in a new session, and returns its output and streams.
    param([Parameter(Mandatory)] [scriptblock] $Script, [object[]] $ArgumentList = @())

    $shell = New-Shell
    try {
        $null = $shell.AddScript($Script.ToString())
        $ArgumentList | ForEach-Object { $null = $shell.AddArgument($_) }
        $failure = $null
        $output = try { $shell.Invoke() } catch { $failure = $_.Exception.InnerException }
        [pscustomobject]@{
            Output   = @($output)
            Failure  = $failure
            Errors   = @($shell.Streams.Error)
            Warnings = @($shell.Streams.Warning)
            Progress = @($shell.Streams.Progress)
        }
    }
    finally {
        $shell.Dispose()
    }
}

function Test-Wine {
    # Whether Windows is Wine's, which lacks some of what the tests need.
    $found = [System.IntPtr]::Zero
    $IsWindows -and [System.Runtime.InteropServices.NativeLibrary]::TryGetExport([System.Runtime.InteropServices.NativeLibrary]::Load('ntdll.dll'), 'wine_get_version', [ref] $found)
}

# What a host takes from a virtual machine for a moment looks like waiting: then it is measured again, as only work that computes is asked about.
function Measure-Computing([scriptblock] $Measure) {
    foreach ($attempt in 1..5) {
        $report = & $Measure
        if ($report.Bottleneck -in 'Cpu', 'GarbageCollection') {
            break
        }

        Write-Host "Measured again, as the machine was held up: $($report.Bottleneck), $($report.OtherMachines)"
    }

    $report
}

Export-ModuleMember -Function Find-TestProgram, Test-Wine, Get-Pwsh, Invoke-Pwsh, Start-Pwsh, Get-BuiltManifest, Import-BuiltModule, Wait-Until, Get-Footprint, Assert-NoLeak, New-Shell, Invoke-Shell, Clear-Worker, Measure-Computing
