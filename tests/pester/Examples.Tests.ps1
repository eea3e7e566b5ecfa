#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5.0' }

Describe 'docs/examples' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Common.psm1') -Force
        Import-BuiltModule
        $examples = Join-Path $PSScriptRoot '..' '..' 'docs' 'examples'
    }

    It 'line-workers.ps1 asks a Python and a shell worker' -Skip:($IsWindows -or -not (Get-Command python3 -ErrorAction Ignore)) {
        & (Join-Path $examples 'line-workers.ps1') | Should -Be '6 words', '2 words', '3 words', 'Ada has 3 characters', 'Grace has 5 characters'
    }
}
