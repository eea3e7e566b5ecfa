#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5.0' }

BeforeDiscovery {
    $pages = Join-Path $PSScriptRoot '..' '..' 'docs' 'en-US'
    $commands = Get-ChildItem -LiteralPath $pages -Filter '*-*.md' | ForEach-Object { @{ Name = $_.BaseName; Page = $_.FullName } }
    $pattern = '(?ms)^### (?<title>Example [^\r\n]+)\r?\n\r?\n```powershell\r?\n(?<code>.*?)\r?\n```\s+(?:```Output\r?\n(?<output>.*?)\r?\n```)?'
    $find = { param($Code) 'gzip', 'cp', 'echo', 'printf', 'python3' | Where-Object { $Code -match "(-FilePath|\{) $_\b" -and -not (Get-Command $_ -CommandType Application -ErrorAction Ignore) } }
    $examples = foreach ($command in $commands) {
        foreach ($match in [regex]::Matches((Get-Content -Raw -LiteralPath $command.Page), $pattern)) {
            @{
                Name    = $command.Name
                Title   = $match.Groups['title'].Value
                Code    = $match.Groups['code'].Value
                Output  = if ($match.Groups['output'].Success) { $match.Groups['output'].Value -split '\r?\n' }
                Lacking = & $find $match.Groups['code'].Value
            }
        }
    }

    # Lines that are given for a peer's are run as well.
    $comparison = Get-Content -Raw -LiteralPath (Join-Path $pages '..' 'comparison.md')
    $examples += foreach ($match in [regex]::Matches($comparison, '(?ms)^# ours\r?\n(?<code>.*?)\r?\n```')) {
        $code = $match.Groups['code'].Value
        @{ Name = 'comparison.md'; Title = ($code -split '\r?\n')[-1]; Code = $code; Output = $null; Lacking = & $find $code }
    }

    # So is each block of the other pages, unless a comment above it says why not; after a prompt stands what is typed, without one what is written. And each line of the
    # cheat sheet, after the block that stands before all of them.
    $fence = '(?ms)^(?:<!-- (?<mark>not run|output varies): [^\r\n]{10,} -->\r?\n)?```(?<language>\w*)\r?\n(?<code>.*?)\r?\n```\r?$'
    $written = foreach ($page in 'README.md', 'docs/guide.md', 'docs/cheat-sheet.md', 'docs/stability.md') {
        $text = Get-Content -Raw -LiteralPath (Join-Path $pages '..' '..' $page)
        $blocks = [regex]::Matches($text, $fence)
        @{ Page = $page; Languages = @($blocks | ForEach-Object { $_.Groups['language'].Value } | Select-Object -Unique); Lines = $text -split '\r?\n' }
        $number = 0
        $examples += foreach ($block in $blocks | Where-Object { $_.Groups['language'].Value -in 'powershell', 'console' }) {
            $number++
            $code, $shown = $block.Groups['code'].Value, @()
            if ($block.Groups['language'].Value -eq 'console') {
                $shown = @($code -split '\r?\n' -notmatch '^(PS>|>>) ')
                $code = $code -split '\r?\n' -match '^(PS>|>>) ' -replace '^(PS>|>>) ' -join "`n"
            }

            if ($block.Groups['mark'].Value -ne 'not run') {
                @{
                    Name = $page; Title = "block $number"; Code = $code; Lacking = & $find $code
                    Output = if (-not $block.Groups['mark'].Success) { $shown }
                    FailureCount = @($shown -match '^\w+-\w+: ').Count
                }
            }
        }

        if ($page -like '*cheat-sheet*') {
            $before = $blocks[0].Groups['code'].Value
            $examples += foreach ($row in [regex]::Matches($text, '(?m)^\| .+ (?<!\\)\| `(?<code>[^`]+)` \|\r?$')) {
                $code = $row.Groups['code'].Value -replace '\\\|', '|'
                @{ Name = $page; Title = $code; Code = "$before`n$code"; Output = $null; Lacking = & $find $code }
            }
        }
    }
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1') -Force
    Import-BuiltModule
}

Describe 'Get-Help <Name>' -ForEach $commands {
    It 'has the page''s synopsis and description' {
        $help = Get-Help $Name
        $help.Synopsis.Length | Should -BeGreaterThan 20
        (Get-Content -Raw -LiteralPath $Page) | Should -Match ([regex]::Escape($help.Synopsis))
        ($help.Description.Text -join '').Length | Should -BeGreaterThan 200
    }

    It 'shows with -Full all of it' {
        $text = Get-Help $Name -Full | Out-String
        foreach ($part in 'SYNOPSIS', 'SYNTAX', 'DESCRIPTION', 'PARAMETERS', 'OUTPUTS', 'NOTES', 'RELATED LINKS', 'Example 1') {
            $text | Should -MatchExactly $part
        }
    }

    It 'shows with -Examples each example, its code without fences' {
        $text = Get-Help $Name -Examples | Out-String -Width 300
        $text | Should -Match 'Example 3'
        $text | Should -Not -Match '```'
        (Get-Help $Name).Examples.Example.Code | Should -Not -BeNullOrEmpty
    }

    It 'has a text for each parameter' {
        foreach ($parameter in (Get-Command $Name).Parameters.Values) {
            if ($parameter.Name -in [System.Management.Automation.Cmdlet]::CommonParameters) { continue }
            $help = Get-Help $Name -Parameter $parameter.Name
            ($help.Description.Text -join '').Length | Should -BeGreaterThan 10 -Because "-$($parameter.Name) needs one"
        }
    }

    It 'says with -? what there is' {
        & $Name -? | Out-String | Should -Match $Name
    }
}

Describe '<Page>' -ForEach $written {
    It 'has no block of code that is not seen here' {
        $Languages | Where-Object { $_ -notin 'powershell', 'console', 'text' } | Should -BeNullOrEmpty
    }

    It 'has no link into this repository that leads nowhere' {
        $folder = Split-Path (Join-Path $PSScriptRoot '..' '..' $Page)
        foreach ($link in [regex]::Matches($Lines -join "`n", '(?:\]\(|src(?:set)?=")(?<to>[^)"#:]+)(?:#[^)"]*)?[)"]')) {
            Test-Path -LiteralPath (Join-Path $folder $link.Groups['to'].Value) | Should -BeTrue -Because "'$($link.Groups['to'].Value)' is linked"
        }
    }

    It 'is no longer than it may be' {
        if ($Page -eq 'README.md') { $Lines.Count | Should -BeLessOrEqual 150 }

        # Each row of the cheat sheet is one of the examples, but for two lines that every table begins with.
        if ($Page -like '*cheat-sheet*') {
            $rows = @($Lines -match '^\|').Count - 2 * @($Lines -match '^\| ---').Count
            @($Lines -match '^\| .+ (?<!\\)\| `[^`]+` \|$').Count | Should -Be $rows
        }
    }
}

Describe 'about topics' {
    It '<_> is found, with a synopsis' -ForEach 'about_Switchyard', 'about_Switchyard_Errors', 'about_Switchyard_Remote' {
        $found = @(Get-Help "$_*" | Where-Object Name -EQ $_)
        $found.Count + @(Get-Help $_).Count | Should -BeGreaterThan 0
        (Get-Help $_ | Out-String).Length | Should -BeGreaterThan 2000
    }
}

Describe 'Examples of <Name>' -ForEach ($examples | Group-Object { $_.Name } | ForEach-Object { @{ Name = $_.Name; Examples = $_.Group } }) {
    BeforeAll {
        # What the examples find in their folder, and a server for those that ask one.
        $folder = Join-Path $TestDrive "it's $Name"
        foreach ($part in 'photos', 'logs', 'data', 'docs/examples') { $null = New-Item -ItemType Directory -Force (Join-Path $folder $part) }
        foreach ($i in 1..3) {
            [System.IO.File]::WriteAllBytes((Join-Path $folder 'photos' "it's $i.jpg"), [byte[]]($i, 1, 2, 3))
            Set-Content -LiteralPath (Join-Path $folder 'logs' "app $i.log") (@('fine', 'an error') * (50 * $i))
            Set-Content -LiteralPath (Join-Path $folder 'data' "$i.csv") 'Name,Price', "a,$i", "b,$(2 * $i)"
        }

        Copy-Item -LiteralPath (Join-Path $PSScriptRoot '..' '..' 'docs' 'examples' 'line-worker.py') -Destination (Join-Path $folder 'docs' 'examples')
        Import-Module (Join-Path $PSScriptRoot '..' '..' 'docs' 'examples' 'LocalSite.psm1')
        $site = Start-LocalSite { param($Request, $Response) $Response.ContentType = 'text/plain'; "page $($Request.Url.AbsolutePath)" }
        Set-Content -LiteralPath (Join-Path $folder 'urls.txt') (1..5 | ForEach-Object { "$($site.Uri)$_" })
    }

    AfterAll {
        Stop-LocalSite $site
    }

    BeforeEach {
        Push-Location -LiteralPath $folder
        $ErrorActionPreference = 'Continue'
        Remove-Item *.jsonl, *.json, lines.txt -ErrorAction Ignore
    }

    AfterEach {
        Pop-Location
    }

    It '<Title>' -ForEach $Examples {
        if ($Lacking) {
            Set-ItResult -Skipped -Because "there is no $Lacking here"
            return
        }

        $Code | Should -Not -BeNullOrEmpty
        $written = . ([scriptblock]::Create($Code)) 2>&1 4>$null
        $failed = @($written | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] })
        $failed | Select-Object -Skip ([int]$FailureCount) | Should -BeNullOrEmpty
        $failed.Count | Should -Be ([int]$FailureCount)
        if ($Output) {
            @($written | ForEach-Object { "$_".TrimEnd() }) | Should -Be $Output
        }
    }
}
