<#
.SYNOPSIS
    Builds, tests, packages and measures Switchyard.
.DESCRIPTION
    Runs in PowerShell 7.4 or later, and where there is only the .NET SDK in the PowerShell that .config/dotnet-tools.json names:

        dotnet tool exec powershell -y -- ./build.ps1 -Task Test
.PARAMETER Task
    Build    the module into out/Switchyard
    Test     all tests: xUnit's, then Pester's in the PowerShell that .config/dotnet-tools.json names, whichever runs this; then
             TestWindows, if there is a Windows PowerShell for it
    TestWindows  all tests in another Windows PowerShell; on Windows, if none is named, those of Test
    Docs     the help pages and what Get-Help reads, through PlatyPS
    Package  the built module as out/Switchyard.VERSION.nupkg for the gallery and as a zip, their lists of files checked
    Bench    every target as a ratio to the peers that are installed, then what single steps cost; takes hours
.PARAMETER WindowsPowerShell
    A program that runs a script in a Windows PowerShell: pwsh.exe, or what starts it under Wine. CONTRIBUTING.md says what it has to
    do. By default what the environment variable SWITCHYARD_WINDOWS_POWERSHELL names.
.PARAMETER NoBuild
    Takes what was built before.
#>
param(
    [ValidateSet('Build', 'Test', 'TestWindows', 'Docs', 'Package', 'Bench')]
    [string[]] $Task = 'Build',

    [string] $WindowsPowerShell = $env:SWITCHYARD_WINDOWS_POWERSHELL,

    [switch] $NoBuild
)

$ErrorActionPreference = 'Stop'
$root = $PSScriptRoot
$module = Join-Path $root 'out' 'Switchyard'

# The version is the manifest's, and the first assembly that the module loads has it in its name.
$version = (Import-PowerShellDataFile (Join-Path $root 'module' 'Switchyard.psd1')).ModuleVersion

# What ships, to the file: a new dependency or a forgotten one fails here.
$moduleFiles = @(
    'LICENSE', 'ThirdPartyNotices.txt', 'Switchyard.psd1', 'Switchyard.format.ps1xml', 'Switchyard.dll', 'Switchyard.pdb', 'Switchyard.Core.dll', 'Switchyard.Core.pdb', "Switchyard.Loader.$version.dll"
    'Switchyard.dll-Help.xml', 'about_Switchyard.help.txt', 'about_Switchyard_Errors.help.txt', 'about_Switchyard_Remote.help.txt' | ForEach-Object { Join-Path 'en-US' $_ }
    'Switchyard.Terminal.dll', 'Switchyard.Terminal.pdb', 'Spectre.Console.dll', 'Spectre.Console.Ansi.dll' | ForEach-Object { Join-Path 'Switchyard.Terminal' $_ }
    'Switchyard.Reports.dll', 'Switchyard.Reports.pdb', 'OxyPlot.dll' | ForEach-Object { Join-Path 'Switchyard.Reports' $_ }
    'Switchyard.Diagnostics.dll', 'Switchyard.Diagnostics.pdb', 'Microsoft.Diagnostics.NETCore.Client.dll', 'Microsoft.Diagnostics.Tracing.TraceEvent.dll',
    'Microsoft.Diagnostics.FastSerialization.dll', 'Microsoft.Extensions.DependencyInjection.Abstractions.dll',
    'Microsoft.Extensions.Logging.Abstractions.dll' | ForEach-Object { Join-Path 'Switchyard.Diagnostics' $_ }
)

# The systems that a package has native code for. On others the module is compiled as it is used.
$systems = 'win-x64', 'linux-x64', 'linux-arm64', 'osx-arm64'

# Runs a program and stops the script if it fails.
function Invoke-Program([string] $Name, [string[]] $Arguments) {
    & $Name @Arguments
    if ($LASTEXITCODE -ne 0) {
        throw "'$Name $Arguments' ended with exit code $LASTEXITCODE."
    }
}

# Runs a script in a new process of the running PowerShell. As a .NET tool that is an assembly, which 'dotnet' runs.
function Invoke-Script([string] $Path, [string[]] $Arguments) {
    $program = [Environment]::ProcessPath
    $before = @(if ((Split-Path -LeafBase $program) -eq 'dotnet') { Join-Path $PSHOME 'pwsh.dll' })
    Invoke-Program $program ($before + '-NoProfile', '-NonInteractive', '-File', (Join-Path $root $Path) + $Arguments)
}

# Build the module and everything beside it.
function Build {
    if ($NoBuild) {
        return
    }

    Invoke-Program dotnet 'build', (Join-Path $root 'Switchyard.slnx'), '--nologo', '-v', 'quiet'
}

# Runs a program, with all that it starts, for so long at most, and hands on what it says.
function Invoke-Limited([string] $Program, [string[]] $Arguments, [timespan] $Limit) {
    $start = [System.Diagnostics.ProcessStartInfo] @{ FileName = $Program; WorkingDirectory = $root; RedirectStandardOutput = $true; RedirectStandardInput = $true }
    $Arguments | ForEach-Object { $start.ArgumentList.Add($_) }
    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    $process = [System.Diagnostics.Process]::Start($start)
    try {
        $process.StandardInput.Close()
        do {
            $reading = $process.StandardOutput.ReadLineAsync()

            # In short waits, as none of them can be interrupted.
            while (-not $reading.Wait(200) -and $clock.Elapsed -lt $Limit) {
            }

            $line = if ($reading.IsCompleted) { $reading.Result }
            if ($null -ne $line) {
                $line
            }
        } while ($null -ne $line)

        if (-not $reading.IsCompleted -or -not $process.WaitForExit($Limit)) {
            "It took more than $Limit, and was ended."
        }
    }
    finally {
        if (-not $process.HasExited) {
            $process.Kill($true)
            $process.WaitForExit()
        }

        $global:LASTEXITCODE = $process.ExitCode
        $process.Dispose()
    }
}

# Runs a suite and adds what it counts to the total.
function Add-Suite([hashtable] $Total, [string] $Name, [scriptblock] $Run) {
    $counts = @{ succeeded = 0; failed = 0; skipped = 0 }
    & $Run 2>&1 | ForEach-Object {
        $line = "$_"
        if ($line -match '^\s+(succeeded|failed|skipped): (\d+)$') {
            $counts[$Matches[1]] = [int] $Matches[2]
        }

        $line
    }

    # A run that breaks off has no failed test to show for it.
    if ($counts.failed -eq 0 -and ($LASTEXITCODE -ne 0 -or $counts.succeeded + $counts.skipped -eq 0)) {
        "$Name broke off: exit code $LASTEXITCODE after $($counts.succeeded) tests."
        $counts.failed = 1
    }

    $counts.Keys | ForEach-Object { $Total[$_] += $counts[$_] }
}

# Runs the tests on this system.
function Add-OwnSuite([hashtable] $Total) {
    Add-Suite $Total 'xUnit' { & dotnet test --no-build }
    Add-Suite $Total 'Pester' { & dotnet tool exec powershell -y -- -NoProfile -NonInteractive -File ./tests/pester/Run.ps1 }
}

# Runs the tests in the Windows PowerShell that was named.
function Add-WindowsSuite([hashtable] $Total) {
    if (-not $WindowsPowerShell) {
        'Windows: nothing was run there, as no Windows PowerShell was named (-WindowsPowerShell or SWITCHYARD_WINDOWS_POWERSHELL, see CONTRIBUTING.md).'
        return
    }

    $program = (Get-Command -Name $WindowsPowerShell -CommandType Application -ErrorAction Stop | Select-Object -First 1).Source
    $suites = 'Switchyard.Core.Tests', 'Switchyard.Tests'
    if (-not $NoBuild) {
        # With the runtime, as there may be none on Windows' side. The last are programs that tests of Pester's start.
        foreach ($project in $suites + 'TestProgram') {
            Invoke-Program dotnet 'publish', "tests/$project", '-c', 'Debug', '-r', 'win-x64', '--self-contained', '-o', "out/windows/$project", '--nologo', '-v', 'quiet'
        }
    }

    foreach ($project in $suites) {
        Add-Suite $Total "$project on Windows" { Invoke-Limited $program 'tests/RunPublished.ps1', $project '00:20:00' }
    }

    foreach ($file in Get-ChildItem -Path tests/pester/*.Tests.ps1) {
        Add-Suite $Total "$($file.Name) on Windows" { Invoke-Limited $program 'tests/pester/Run.ps1', '-Path', "tests/pester/$($file.Name)" '00:10:00' }
    }
}

# Runs suites and adds them up.
function Invoke-Suite([scriptblock[]] $Suites) {
    Build
    $total = @{ succeeded = 0; failed = 0; skipped = 0 }
    Push-Location -LiteralPath $root
    try {
        $Suites | ForEach-Object { & $_ $total }
    }
    finally {
        Pop-Location
    }

    "$($total.succeeded) passed, $($total.failed) failed, $($total.skipped) skipped"
    if ($total.failed -gt 0) {
        exit 1
    }
}

# Run all tests and add them up.
function Test {
    Invoke-Suite $(${function:Add-OwnSuite}; if (-not $IsWindows -or $WindowsPowerShell) { ${function:Add-WindowsSuite} })
}

# Run all tests on Windows and add them up.
function TestWindows {
    Invoke-Suite $(if ($IsWindows -and -not $WindowsPowerShell) { ${function:Add-OwnSuite} } else { ${function:Add-WindowsSuite} })
}

# Bring the help in line with the module and the pages.
function Docs {
    Build
    Invoke-Script (Join-Path 'docs' 'Update-Help.ps1')
    Build
}

# What a package's file would have to be for the gallery: an id, a version, tags that say what the module has.
function New-PackageDescription([System.Management.Automation.PSModuleInfo] $Manifest) {
    $data = $Manifest.PrivateData.PSData
    $commands = $Manifest.ExportedCmdlets.Keys | Sort-Object
    $tags = @($data.Tags) + 'PSModule', 'PSIncludes_Cmdlet' + ($commands | ForEach-Object { "PSCmdlet_$_"; "PSCommand_$_" })
    $escape = { [System.Security.SecurityElement]::Escape($args[0]) }
    @"
<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">
  <metadata>
    <id>$($Manifest.Name)</id>
    <version>$($Manifest.Version)</version>
    <authors>$(& $escape $Manifest.Author)</authors>
    <owners>$(& $escape $Manifest.CompanyName)</owners>
    <requireLicenseAcceptance>false</requireLicenseAcceptance>
    <license type="file">LICENSE</license>
    <projectUrl>$(& $escape $data.ProjectUri)</projectUrl>
    <description>$(& $escape $Manifest.Description)</description>
    <releaseNotes>$(& $escape $data.ReleaseNotes)</releaseNotes>
    <copyright>$(& $escape $Manifest.Copyright)</copyright>
    <tags>$(& $escape ($tags -join ' '))</tags>
  </metadata>
  <files>
    <file src="$(& $escape (Join-Path $module '**' '*'))" target="" />
  </files>
</package>
"@
}

# Stops the script unless the files are exactly those that ship.
function Assert-ModuleFile([string] $Where, [string[]] $Found) {
    $found = $Found -replace '[\\/]', [System.IO.Path]::DirectorySeparatorChar
    $images = $systems | ForEach-Object { Join-Path 'precompiled' $_ 'Switchyard.dll'; Join-Path 'precompiled' $_ 'Switchyard.Core.dll' }
    $unexpected = $found | Where-Object { $_ -notin $moduleFiles + $images }

    # Without a build, a package has the native code that the last one has made.
    $missing = $moduleFiles + @(if (-not $NoBuild) { $images }) | Where-Object { $_ -notin $found }
    if ($unexpected -or $missing) {
        throw "$Where does not hold what ships. Unexpected: $unexpected. Missing: $missing."
    }
}

# Make what is installed: a package for the gallery, and an archive to unpack into a folder of modules.
function Package {
    Build
    if (-not $NoBuild) {
        Invoke-Program dotnet 'build', (Join-Path $root 'src' 'Switchyard'), "-p:PrecompiledFor=$($systems -join '%3B')", '--nologo', '-v', 'quiet'
    }

    Assert-ModuleFile $module (Get-ChildItem -LiteralPath $module -Recurse -File | ForEach-Object { $_.FullName.Substring($module.Length + 1) })
    $manifest = Test-ModuleManifest -Path (Join-Path $module 'Switchyard.psd1')
    $archive = Join-Path $root 'out' "Switchyard-$($manifest.Version).zip"
    $package = Join-Path $root 'out' "Switchyard.$($manifest.Version).nupkg"
    $archive, $package | Where-Object { Test-Path -LiteralPath $_ } | Remove-Item
    [System.IO.Compression.ZipFile]::CreateFromDirectory($module, $archive, 'Optimal', $true)

    $description = Join-Path $root 'out' 'Switchyard.nuspec'
    Set-Content -LiteralPath $description -Value (New-PackageDescription $manifest)

    # It would have assemblies in a folder lib, where a module's are not looked for, and says so of each.
    $said = & dotnet pack $description --output (Join-Path $root 'out') 2>&1
    if ($LASTEXITCODE -ne 0) {
        throw "'dotnet pack' ended with exit code ${LASTEXITCODE}: $said"
    }

    Remove-Item -LiteralPath $description

    # What the package format adds of its own is no file of the module's.
    $zip = [System.IO.Compression.ZipFile]::OpenRead($package)
    try { $entries = @($zip.Entries.FullName) } finally { $zip.Dispose() }
    Assert-ModuleFile $package ($entries | Where-Object { $_ -notmatch '^(_rels/|package/|\[Content_Types\]\.xml$|Switchyard\.nuspec$)' } | ForEach-Object { [uri]::UnescapeDataString($_) })
    $archive
    $package
}

# Measure against the peers, side by side in one run.
function Bench {
    Build
    # Results are kept by the kind of machine.
    $system = if ($IsWindows) { 'windows' } elseif ($IsMacOS) { 'macos' } else { 'linux' }
    $results = Join-Path $root 'docs' 'benchmarks' "$system-$([Environment]::ProcessorCount)-cores.md"
    Invoke-Script (Join-Path 'tests' 'benchmarks' 'Targets.ps1') '-Path', $results
    foreach ($benchmark in 'Features.ps1', 'Finish.ps1', 'Executables.ps1', 'Journal.ps1', 'SharedState.ps1') {
        Invoke-Script (Join-Path 'tests' 'benchmarks' $benchmark)
    }

    Invoke-Program dotnet 'run', '--project', (Join-Path $root 'tests' 'benchmarks' 'InProcess'), '--', '--filter', '*', '--artifacts', (Join-Path $root 'out' 'benchmarks')
}

foreach ($name in $Task) {
    & $name
}
