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

    It 'crawl.ps1 loads each page of a site once' {
        $pages = & (Join-Path $examples 'crawl.ps1')
        $pages.Count | Should -Be 40
        ($pages.Title | Sort-Object -Unique).Count | Should -Be 40
        ($pages | Where-Object Page -EQ '/20').Links | Should -Be 2
    }

    It 'word-count.ps1 counts on processes as one would alone' {
        $folder = New-Item -ItemType Directory (Join-Path $TestDrive 'texts')
        1..6 | ForEach-Object { Set-Content (Join-Path $folder "$_.txt") ('to be or not to be ' * $_) }
        $words = & (Join-Path $examples 'word-count.ps1') -Path $folder -Filter *.txt
        $words.Word | Should -Be 'be', 'to', 'not', 'or'
        $words.Total | Should -Be 42, 42, 21, 21
    }

    It 'convert-folder.ps1 goes on where it was cut off' {
        $source = New-Item -ItemType Directory (Join-Path $TestDrive "it's [a] folder")
        1..5 | ForEach-Object { Set-Content -LiteralPath (Join-Path $source.FullName "file $_.txt") "text $_" }
        $target = Join-Path $TestDrive 'packed'
        $first = & (Join-Path $examples 'convert-folder.ps1') -Path $source.FullName -Destination $target
        $first.Count | Should -Be 5
        Set-Content -LiteralPath (Join-Path $source.FullName 'file 6.txt') 'text 6'
        (& (Join-Path $examples 'convert-folder.ps1') -Path $source.FullName -Destination $target).Name | Should -Be 'file 6.txt.gz'
        @(Get-ChildItem $target -Filter *.part).Count | Should -Be 0
    }
}
