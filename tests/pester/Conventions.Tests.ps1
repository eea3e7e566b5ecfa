#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5.0' }

BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1') -Force
    Import-BuiltModule
    $commands = (Get-Module Switchyard).ExportedCommands.Values | ForEach-Object { @{ Name = $_.Name; Command = $_ } }

    # Both names that people bring along from ForEach-Object -Parallel and its peers, and the ones documented here.
    $shared = @(
        @{ Parameter = 'InputObject'; Type = [psobject]; Aliases = @() }
        @{ Parameter = 'ArgumentList'; Type = [object[]]; Aliases = @('Args') }
        @{ Parameter = 'ThrottleLimit'; Type = [int]; Aliases = @() }
        @{ Parameter = 'AutoThrottle'; Type = [switch]; Aliases = @() }
        @{ Parameter = 'RateLimit'; Type = [double]; Aliases = @() }
        @{ Parameter = 'MinFreeMemoryMB'; Type = [int]; Aliases = @() }
        @{ Parameter = 'KeepOrder'; Type = [switch]; Aliases = @() }
        @{ Parameter = 'AsResult'; Type = [switch]; Aliases = @() }
        @{ Parameter = 'ItemTimeoutSeconds'; Type = [double]; Aliases = @() }
        @{ Parameter = 'TimeoutSeconds'; Type = [double]; Aliases = @() }
        @{ Parameter = 'RetryCount'; Type = [int]; Aliases = @() }
        @{ Parameter = 'RetryDelaySeconds'; Type = [double]; Aliases = @() }
        @{ Parameter = 'MaxFailures'; Type = [int]; Aliases = @() }
        @{ Parameter = 'TotalCount'; Type = [long]; Aliases = @() }
        @{ Parameter = 'AsJob'; Type = [switch]; Aliases = @() }
        @{ Parameter = 'Name'; Type = [string]; Aliases = @() }
        @{ Parameter = 'FilePath'; Type = [string]; Aliases = @() }
        @{ Parameter = 'AsByteStream'; Type = [switch]; Aliases = @() }
        @{ Parameter = 'OutputDirectory'; Type = [string]; Aliases = @() }
        @{ Parameter = 'WorkingDirectory'; Type = [string]; Aliases = @() }
        @{ Parameter = 'Environment'; Type = [System.Collections.IDictionary]; Aliases = @() }
        @{ Parameter = 'GraceSeconds'; Type = [double]; Aliases = @() }
    )

    # Of those that run script blocks.
    $ofScripts = @(
        @{ Parameter = 'ScriptBlock'; Type = [scriptblock]; Aliases = @('Parallel') }
        @{ Parameter = 'InitializationScript'; Type = [scriptblock]; Aliases = @() }
        @{ Parameter = 'ModuleName'; Type = [string[]]; Aliases = @('ModuleNames', 'ModulePaths') }
        @{ Parameter = 'FunctionName'; Type = [string[]]; Aliases = @('Functions') }
        @{ Parameter = 'Variable'; Type = [hashtable]; Aliases = @('Variables') }
        @{ Parameter = 'CloneSession'; Type = [switch]; Aliases = @() }
    )
}

Describe 'The module' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Common.psm1') -Force
        Import-BuiltModule
        $path = Get-BuiltManifest
        $data = Import-PowerShellDataFile -LiteralPath $path
        $module = Get-Module Switchyard
        $root = Join-Path $PSScriptRoot '..' '..'
    }

    It 'has a valid manifest' {
        $info = Test-ModuleManifest -Path $path -WarningVariable warnings 3>$null
        $info.Name | Should -Be 'Switchyard'
        $warnings | Should -BeNullOrEmpty
    }

    It 'says in its manifest what a gallery asks for' {
        $data.Description, $data.Author, $data.PowerShellVersion, $data.PrivateData.PSData.LicenseUri, $data.PrivateData.PSData.Tags | ForEach-Object {
            $_ | Should -Not -BeNullOrEmpty
        }
        $data.CompatiblePSEditions | Should -Be 'Core'
    }

    It 'exports exactly what its manifest lists' {
        @($module.ExportedCommands.Keys | Sort-Object) | Should -Be @($data.CmdletsToExport + $data.FunctionsToExport + $data.AliasesToExport | Sort-Object)
        @($module.ExportedCmdlets.Keys | Sort-Object) | Should -Be @($data.CmdletsToExport | Sort-Object)
        $module.ExportedVariables.Count | Should -Be 0
    }

    It 'names everything to export, without wildcards' {
        $data.CmdletsToExport + $data.FunctionsToExport + $data.AliasesToExport + $data.VariablesToExport | Should -Not -Contain '*'
        $data.CmdletsToExport | Should -Contain 'Invoke-ThreadedBatch'
    }

    It 'exports every cmdlet of its assembly that is public' {
        $cmdlets = foreach ($type in (Get-Command Invoke-Batch).ImplementingType.Assembly.GetExportedTypes()) {
            foreach ($attribute in $type.GetCustomAttributes([System.Management.Automation.CmdletAttribute], $false)) {
                "$($attribute.VerbName)-$($attribute.NounName)"
            }
        }
        @($cmdlets | Sort-Object) | Should -Be @($data.CmdletsToExport | Sort-Object)
    }

    It 'imports without a word' {
        Invoke-Shell { } | ForEach-Object { $_.Output + $_.Errors + $_.Warnings } | Should -BeNullOrEmpty
    }

    It 'is imported as the version that its manifest names' {
        $module.Version | Should -Be ([version]$data.ModuleVersion)
    }

    It 'begins with a loader that has the version in its name, so that one of another version does not keep it from loading' {
        $data.NestedModules | Should -Be "Switchyard.Loader.$($data.ModuleVersion).dll", 'Switchyard.dll'
    }

    It 'ships no assembly of PowerShell' {
        Get-ChildItem -LiteralPath (Split-Path $path) -Recurse -Filter 'System.Management.Automation*' | Should -BeNullOrEmpty
    }

    It 'ships the format file that its manifest lists, with a view of a type that it has' {
        $data.FormatsToProcess | Should -Be 'Switchyard.format.ps1xml'
        [xml]$format = Get-Content -Raw -LiteralPath (Join-Path (Split-Path $path) $data.FormatsToProcess[0])
        $names = @($format.SelectNodes('//ViewSelectedBy/TypeName').InnerText)
        $names | Should -Contain 'Switchyard.BatchResult'
        foreach ($name in $names) { $name -as [type] | Should -Not -BeNullOrEmpty -Because "$name has a view" }
        (Get-FormatData -TypeName 'Switchyard.BatchResult').FormatViewDefinition.Name | Should -Be 'Switchyard.BatchResult'
    }

    It 'has the version at the head of CHANGELOG.md' {
        $changelog = Join-Path $root 'CHANGELOG.md'
        if (-not (Test-Path -LiteralPath $changelog)) {
            Set-ItResult -Skipped -Because 'there is no CHANGELOG.md yet'
            return
        }

        $head = Get-Content -LiteralPath $changelog | Where-Object { $_ -match '^##\s' } | Select-Object -First 1
        $head | Should -Match ([regex]::Escape($data.ModuleVersion))
    }

    It 'can be removed and imported again in one session' {
        $result = Invoke-Shell {
            param($Path)
            1..4 | Invoke-ThreadedBatch { $_ } > $null
            Remove-Module Switchyard
            Import-Module $Path
            1, 2 | Invoke-ThreadedBatch { $_ } -KeepOrder
        } -ArgumentList $path
        $result.Output | Should -Be 1, 2
        $result.Errors | Should -BeNullOrEmpty
    }
}

Describe 'The command <Name>' -ForEach $commands {
    It 'has an approved verb' {
        (Get-Verb).Verb | Should -Contain $Command.Verb
    }

    It 'has a noun in the singular, in Pascal case' {
        $Command.Noun | Should -MatchExactly '^([A-Z][a-z]+)+$'
        $Command.Noun | Should -Not -Match '[^s]s$'
    }

    It 'declares what it writes' {
        $Command.OutputType | Should -Not -BeNullOrEmpty
    }

    It 'has names of parameters in the singular, in Pascal case' {
        foreach ($parameter in $Command.Parameters.Values) {
            $parameter.Name | Should -MatchExactly '^[A-Z][A-Za-z]+$'
        }
    }

    It 'has no alias that means two things' {
        $names = foreach ($parameter in $Command.Parameters.Values) { $parameter.Name; $parameter.Aliases }
        $names | Group-Object -NoElement | Where-Object Count -gt 1 | Should -BeNullOrEmpty
    }

    It 'has a syntax that names no value by a placeholder' {
        Get-Command $Name -Syntax | Should -Not -Match '\{\{|__AllParameterSets'
    }
}

Describe 'The batch command <Name>, which runs script blocks' -ForEach ($commands | Where-Object { $_.Command.Parameters.ContainsKey('ScriptBlock') }) {
    It 'has -<Parameter>, with its type and aliases' -ForEach $ofScripts {
        $found = $Command.Parameters[$Parameter]
        $found | Should -Not -BeNullOrEmpty
        $found.ParameterType | Should -Be $Type
        @($found.Aliases | Sort-Object) | Should -Be @($Aliases | Sort-Object)
    }

    It 'takes the script block first' {
        $Command.Parameters['ScriptBlock'].ParameterSets.Values.Position | Should -Contain 0
    }
}

Describe 'The batch command <Name>' -ForEach ($commands | Where-Object { $_.Name -like 'Invoke-*Batch' }) {
    It 'asks before it does: -WhatIf and -Confirm' {
        $Command.Parameters.Keys | Should -Contain 'WhatIf'
        $Command.Parameters.Keys | Should -Contain 'Confirm'
    }

    It 'has -<Parameter>, with its type and aliases' -ForEach $shared {
        $found = $Command.Parameters[$Parameter]
        $found | Should -Not -BeNullOrEmpty
        $found.ParameterType | Should -Be $Type
        @($found.Aliases | Sort-Object) | Should -Be @($Aliases | Sort-Object)
    }

    It 'takes items from the pipeline' {
        $Command.Parameters['InputObject'].ParameterSets.Values.ValueFromPipeline | Should -Not -Contain $false
        $Command.Parameters.Values | Where-Object { $_.Name -ne 'InputObject' } | ForEach-Object {
            $_.ParameterSets.Values.ValueFromPipeline | Should -Not -Contain $true
        }
    }

    It 'refuses a width of 0 by its declaration' {
        $range = $Command.Parameters['ThrottleLimit'].Attributes | Where-Object { $_ -is [System.Management.Automation.ValidateRangeAttribute] }
        $range.MinRange | Should -Be 1
    }
}

Describe 'Invoke-ThreadedBatch by name' {
    It 'knows -UseNewRunspace, as ForEach-Object -Parallel does' {
        (Get-Command Invoke-ThreadedBatch).Parameters['FreshRunspace'].Aliases | Should -Contain 'UseNewRunspace'
        1 | Invoke-ThreadedBatch -Parallel { $_ } -UseNewRunspace -ThrottleLimit 2 | Should -Be 1
    }
}
