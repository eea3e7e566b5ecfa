<#
.SYNOPSIS
    Brings the pages in docs/en-US in line with the module, and makes of them what Get-Help reads.
.DESCRIPTION
    PlatyPS adds to each page what the module has and the page lacks: parameters, their types, sets and aliases. What it cannot know it
    leaves as '{{ ... }}' to be filled in. Then the pages become the module's MAML file, and the about topics its text files.

    Needs PlatyPS 1.0 (Microsoft.PowerShell.PlatyPS) and the built module.
#>
param(
    # The built module.
    [string] $Module = (Join-Path $PSScriptRoot '..' 'out' 'Switchyard'),

    # Where the pages are.
    [string] $Pages = (Join-Path $PSScriptRoot 'en-US'),

    # Where what Get-Help reads goes.
    [string] $Destination = (Join-Path $PSScriptRoot '..' 'module' 'en-US')
)

$ErrorActionPreference = 'Stop'
$utf8 = [System.Text.UTF8Encoding]::new($false)
if (-not (Get-Module Microsoft.PowerShell.PlatyPS -ListAvailable)) {
    throw "There is no PlatyPS. Install it: Install-PSResource Microsoft.PowerShell.PlatyPS"
}

Import-Module Microsoft.PowerShell.PlatyPS -MinimumVersion 1.0.0

# PlatyPS asks Get-Help as well, and would write what the last run has made beside what a page says now. So it gets the module without help.
$folder = Join-Path ([System.IO.Path]::GetTempPath()) "switchyard-help-$PID"
Copy-Item -LiteralPath $Module -Destination (Join-Path $folder 'Switchyard') -Recurse
Remove-Item -Path (Join-Path $folder 'Switchyard' 'en-US') -Recurse -ErrorAction Ignore
Import-Module (Join-Path $folder 'Switchyard')

# What Get-Help shows is text, without Markdown's marks.
function ConvertTo-PlainText([string] $Markdown) {
    $Markdown -replace '`([^`]+)`', '$1' -replace '\[([^\]]+)\]\([^)]+\)', '$1' -replace '\*\*([^*]+)\*\*', '$1'
}

# PlatyPS writes an example's code, fence and all, into its introduction, where it is neither code nor readable.
function Repair-Example([System.Xml.XmlElement] $Example) {
    $paragraphs = @($Example.introduction.para)
    $code = @($paragraphs -match '^```powershell') -replace '^```powershell\r?\n|\r?\n```$'
    $shown = @($paragraphs -match '^```Output') -replace '^```Output\r?\n|\r?\n```$'
    $text = @($paragraphs -notmatch '^```' | Where-Object { $_.Trim([char]0x80, ' ') })
    $Example.SelectSingleNode('*[local-name() = "code"]').InnerText = $code -join "`n"
    $remarks = $Example.SelectSingleNode('*[local-name() = "remarks"]')
    $introduction = $Example.SelectSingleNode('*[local-name() = "introduction"]')
    $introduction.RemoveAll()
    foreach ($paragraph in $shown + $text) {
        $node = $Example.OwnerDocument.CreateElement('maml', 'para', $introduction.NamespaceURI)
        $node.InnerText = $paragraph
        $null = $remarks.AppendChild($node)
    }

    # Some lines of space, so that the next title stands apart.
    $null = $remarks.AppendChild($Example.OwnerDocument.CreateElement('maml', 'para', $introduction.NamespaceURI))
}

# PlatyPS reads the defaults from the pages and does not write them.
function Add-DefaultValue([xml] $Maml, [object[]] $Help) {
    foreach ($command in $Help) {
        $path = "//*[local-name() = 'command'][*[local-name() = 'details']/*[local-name() = 'name'] = '$($command.Title)']" +
            "/*[local-name() = 'parameters']/*[local-name() = 'parameter']"
        foreach ($node in $Maml.SelectNodes($path)) {
            $default = ($command.Parameters | Where-Object Name -EQ $node.name).DefaultValue
            if ($default -and $default -ne 'False') {
                $value = $Maml.CreateElement('dev', 'defaultValue', $node.type.NamespaceURI)
                $value.InnerText = $default
                $null = $node.AppendChild($value)
            }
        }
    }
}

# PlatyPS writes today's date whether or not it changes anything, and forgets the common parameters of all sets but one.
function Update-Page([string] $Page) {
    $before = [System.IO.File]::ReadAllText($Page)
    $null = Update-MarkdownCommandHelp -Path $Page -NoBackup
    $after = [System.IO.File]::ReadAllText($Page)
    $syntax = [regex]::Match($after, '(?s)(?<=## SYNTAX\r?\n).*?(?=\r?\n## )')
    $whole = [regex]::Replace($syntax.Value, '(?m)^```\r?\n(?<line>[^`]+?)(?<end>\r?\n```)', {
            param($block)
            $line = $block.Groups['line'].Value
            if (-not $line.EndsWith('[<CommonParameters>]')) { $line += ' [<CommonParameters>]' }
            "``````$([System.Environment]::NewLine)$line$($block.Groups['end'].Value)"
        })
    $after = $after.Substring(0, $syntax.Index) + $whole + $after.Substring($syntax.Index + $syntax.Length)
    $date = '(?m)^ms\.date: .*$'
    if (($before -replace $date) -ceq ($after -replace $date)) {
        $after = $before
    }

    # Without the mark of byte order that it writes.
    [System.IO.File]::WriteAllText($Page, $after, $utf8)
}

function Export-Maml([System.IO.FileInfo[]] $Page) {
    $help = @(Import-MarkdownCommandHelp -Path $Page.FullName)
    $file = $help | Export-MamlCommandHelp -OutputFolder $folder -Force
    [xml] $maml = Get-Content -Raw -LiteralPath $file.FullName
    Add-DefaultValue $maml $help
    $maml.SelectNodes('//*[local-name() = "example"]') | ForEach-Object { Repair-Example $_ }

    # An address of nothing, or of a page beside this one, is no link to Get-Help.
    foreach ($link in $maml.SelectNodes('//*[local-name() = "navigationLink"]')) {
        if (-not $link.uri) {
            $null = $link.ParentNode.RemoveChild($link)
        }
        elseif ($link.uri -like '*.md') {
            $link.SelectSingleNode('*[local-name() = "uri"]').InnerText = ''
        }
    }

    foreach ($node in $maml.SelectNodes('//*[local-name() = "para"]/text()')) {
        $node.Value = ConvertTo-PlainText $node.Value
    }

    $settings = [System.Xml.XmlWriterSettings]@{ Indent = $true; NewLineChars = "`n"; Encoding = $utf8 }
    $writer = [System.Xml.XmlWriter]::Create((Join-Path $Destination $file.Name), $settings)
    $maml.Save($writer)
    $writer.Dispose()
}

# Headings in capitals, code indented: the shape that Get-Help takes a topic's description from.
function Export-About([System.IO.FileInfo] $Page) {
    $inCode = $false
    $text = (Get-Content -Raw -LiteralPath $Page.FullName) -replace '(?m)^(## .*)\n\n', "`$1`n"
    $lines = foreach ($line in $text.TrimEnd() -split "\r?\n") {
        if ($line -match '^```') { $inCode = -not $inCode }
        elseif ($inCode) { if ($line) { "    $line" } else { '' } }
        elseif ($line -match '^# (.*)') { 'TOPIC'; "    $($Matches[1])" }
        elseif ($line -match '^## (.*)') { $Matches[1].ToUpperInvariant() }
        elseif ($line -match '^### (.*)') { ConvertTo-PlainText $Matches[1]; '-' * (ConvertTo-PlainText $Matches[1]).Length }
        else { ConvertTo-PlainText $line }
    }

    [System.IO.File]::WriteAllText((Join-Path $Destination "$($Page.BaseName).help.txt"), ($lines -join "`n") + "`n")
}

try {
    $null = New-Item -ItemType Directory -Path $Destination -Force
    foreach ($command in (Get-Module Switchyard).ExportedCmdlets.Values) {
        $page = Join-Path $Pages "$($command.Name).md"
        if (-not (Test-Path -LiteralPath $page)) {
            $null = New-MarkdownCommandHelp -CommandInfo $command -OutputFolder $Pages -Encoding $utf8
        }

        Update-Page $page
    }

    $commandPages = Get-ChildItem -LiteralPath $Pages -Filter '*-*.md'
    Export-Maml $commandPages
    Get-ChildItem -LiteralPath $Pages -Filter 'about_*.md' | ForEach-Object { Export-About $_ }
}
finally {
    Remove-Item -LiteralPath $folder -Recurse -Force -ErrorAction Ignore
}
