#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5.0' }

BeforeDiscovery {
    # Wine's HttpListener loses requests that come while no thread waits for one.
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1') -Force
    $losesRequests = Test-Wine
}

Describe 'docs/examples' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Common.psm1') -Force
        Import-BuiltModule
        $examples = Join-Path $PSScriptRoot '..' '..' 'docs' 'examples'
    }

    It 'quickstart.ps1 does the same in four ways, and shows the time of each' {
        $folder = New-Item -ItemType Directory (Join-Path $TestDrive 'texts of quickstart')
        1..8 | ForEach-Object { Set-Content (Join-Path $folder "$_.md") ("word $_ and words " * $_) }
        $shown = @(& (Join-Path $examples 'quickstart.ps1') -Path $folder)
        $shown[0] | Should -Match '^8 texts, '
        $shown[-2] | Should -Match '^wait 50 ms for each( +[\d.,]+ s){4}   its choice: '
        $shown[-1] | Should -Match '^count pairs of words( +[\d.,]+ s){4}   its choice: '
    }

    It 'line-workers.ps1 asks a Python and a shell worker' -Skip:($IsWindows -or -not (Get-Command python3 -ErrorAction Ignore)) {
        & (Join-Path $examples 'line-workers.ps1') | Should -Be '6 words', '2 words', '3 words', 'Ada has 3 characters', 'Grace has 5 characters'
    }

    It 'remote.ps1 brings back what is made of files elsewhere' -Skip:$IsWindows {
        $folder = New-Item -ItemType Directory (Join-Path $TestDrive 'far logs')
        1..3 | ForEach-Object { Set-Content (Join-Path $folder "a $_.log") "log $_" }
        $hosts = & (Join-Path $examples 'remote.ps1') -Path $folder -LaunchCommand env -PowerShellPath (Get-Pwsh).Path
        $hosts.HostName, $hosts.Files, $hosts.Failed | Should -Be 'env', 3, 0
        gzip -dc (Join-Path $folder 'a 1.log.gz') (Join-Path $folder 'a 2.log.gz') (Join-Path $folder 'a 3.log.gz') | Should -Be 'log 1', 'log 2', 'log 3'
    }

    It 'containers.ps1 writes what the PowerShell behind a launch command does not understand' -Skip:$IsWindows {
        $folder = New-Item -ItemType Directory (Join-Path $TestDrive 'scripts')
        Set-Content (Join-Path $folder 'good.ps1') 'Get-Date'
        Set-Content (Join-Path $folder 'wrong.ps1') 'Get-Date', 'if ($true {'
        $found = @(& (Join-Path $examples 'containers.ps1') -Path $folder -Launcher env, TOLD=1 -PowerShellPath (Get-Pwsh).Path)
        $found.Count | Should -BeGreaterThan 0
        $found | ForEach-Object { Split-Path -Leaf $_.File } | Select-Object -Unique | Should -Be 'wrong.ps1'
        $found[0].Line, $found[0].Version | Should -Be 2, "$($PSVersionTable.PSVersion)"
    }

    It 'cluster.ps1 goes on with the walks that a scheduler''s workers have not done' -Skip:$IsWindows {
        # The scheduler is a shell that begins at once.
        Set-Content ($template = Join-Path $TestDrive 'at-once.sh') @'
# switchyard-submit: sh {{File}}; echo job.1
# switchyard-cancel: true {{Id}}
export SWITCHYARD_CONNECTION='{{Connection}}'
n={{Count}}
while [ $n -gt 0 ]; do {{Command}} </dev/null >/dev/null 2>&1 & n=$((n - 1)); done
'@
        $run = @{
            JobTemplate = $template; Tasks = 2; Steps = 100; PowerShellPath = (Get-Pwsh).Path
            CallbackInterface = '127.0.0.1'; JournalPath = Join-Path $TestDrive 'walks.jsonl'
        }
        $first = & (Join-Path $examples 'cluster.ps1') @run -Walks 4
        $first.Seed | Sort-Object | Should -Be (1..4)
        (& (Join-Path $examples 'cluster.ps1') @run -Walks 6).Seed | Sort-Object | Should -Be 5, 6
    }

    It 'crawl.ps1 loads each page of a site once' -Skip:$losesRequests {
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

        # The names of a hashtable's own members are words, too.
        Set-Content (Join-Path $folder '1.txt') ('keys values count ' * 30)
        $words = & (Join-Path $examples 'word-count.ps1') -Path $folder -Filter *.txt -First 4
        $words.Word | Should -Be 'be', 'to', 'count', 'keys'
        $words.Total | Should -Be 40, 40, 30, 30
        (& (Join-Path $examples 'word-count.ps1')).Count | Should -Be 10
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

    It 'downloads.ps1 has all files in the end, also the one that is refused twice' -Skip:$losesRequests {
        $target = Join-Path $TestDrive 'downloads'
        & (Join-Path $examples 'downloads.ps1') -Destination $target | Should -Match '^40 of 40 files, .* 42 tries$'
        @(Get-ChildItem $target).Count | Should -Be 40
        @(Get-ChildItem $target -Filter *.part).Count | Should -Be 0
    }

    It 'api-calls.ps1 has each record in order, also those that are refused at first' -Skip:$losesRequests {
        $records = & (Join-Path $examples 'api-calls.ps1') -First 21
        $records.id | Should -Be (1..21)
    }

    It 'archive-tree.ps1 makes a copy that its list vouches for' {
        $source = Join-Path $TestDrive 'tree'
        foreach ($name in 'a/1.txt', "a/b/it's 2.txt", '3.txt') { $null = New-Item -ItemType File -Force (Join-Path $source $name) -Value "text of $name" }
        $target = Join-Path $TestDrive 'tree-packed'
        & (Join-Path $examples 'archive-tree.ps1') -Path $source -Destination $target | Should -Match '^3 files'
        foreach ($entry in Import-Csv (Join-Path $target 'files.csv')) {
            (Get-FileHash -LiteralPath (Join-Path $source $entry.Name)).Hash | Should -Be $entry.Sha256
            $unpacked = [System.IO.Compression.GZipStream]::new([System.IO.File]::OpenRead((Join-Path $target "$($entry.Name).gz")), [System.IO.Compression.CompressionMode]::Decompress)
            try { [System.IO.StreamReader]::new($unpacked).ReadToEnd() | Should -Be "text of $($entry.Name -replace '\\', '/')" } finally { $unpacked.Dispose() }
        }
    }

    It 'log-analysis.ps1 counts what one process alone would' {
        $logs = New-Item -ItemType Directory (Join-Path $TestDrive 'logs')
        foreach ($i in 1..3) {
            Set-Content (Join-Path $logs "$i.log") '2026-01-31T10:00:00Z GET /orders/17 500 200ms', '2026-01-31T10:00:00Z GET /orders/18 200 100ms', 'noise', '2026-01-31T10:00:00Z GET /users 200 10ms'
        }

        $found = & (Join-Path $examples 'log-analysis.ps1') -Path $logs
        $found.Path | Should -Be '/orders', '/users'
        $found.Calls | Should -Be 6, 3
        $found.Failed | Should -Be 3, 0
        $found.MeanTime | Should -Be 150, 10
    }

    It 'classify.ps1 asks its model for each text' -Skip:(-not (Get-Command python3 -ErrorAction Ignore)) {
        $labels = 'the app shows an error', 'I was charged twice', "a discount`nfor us" | & (Join-Path $examples 'classify.ps1')
        $labels.label | Should -Be 'technical', 'billing', 'sales'
    }

    It 'thumbnails.ps1 makes those that can be made, and says which cannot' -Skip:(-not (Get-Command ffmpeg -ErrorAction Ignore)) {
        $photos = New-Item -ItemType Directory (Join-Path $TestDrive 'photos')
        1..3 | ForEach-Object { ffmpeg -loglevel error -f lavfi -i testsrc=size=320x240:rate=1 -frames:v 1 (Join-Path $photos "it's $_.png") }
        Set-Content (Join-Path $photos 'broken.png') 'no picture'
        $made = & (Join-Path $examples 'thumbnails.ps1') -Path $photos -Destination (Join-Path $TestDrive 'thumbnails')
        ($made | Where-Object Status -EQ Succeeded).Name | Should -Be "it's 1.png", "it's 2.png", "it's 3.png"
        ($made | Where-Object Status -EQ Failed).Name | Should -Be 'broken.png'
        @(Get-ChildItem (Join-Path $TestDrive 'thumbnails')).Count | Should -Be 3
    }

    It 'nightly.ps1 ends with 1 while a file fails, with 0 once it does not, and with 2 where there is nothing to work on' {
        $data = New-Item -ItemType Directory (Join-Path $TestDrive 'incoming')
        Set-Content (Join-Path $data 'good.csv') 'a,b', '1,2'
        Set-Content (Join-Path $data 'bad.csv') 'a,b'
        $imported = Join-Path $TestDrive 'imported'
        $night = { Invoke-Pwsh -NoProfile -File (Join-Path $examples 'nightly.ps1') -Path $data -Destination $imported; $LASTEXITCODE }
        & $night | Should -Be '1 files done in all, 1 to be tried again', 1
        (Import-Csv (Join-Path $imported 'errors.csv')).ErrorMessage | Should -Match 'has no rows'
        Set-Content (Join-Path $data 'bad.csv') 'a,b', '3,4'
        & $night | Should -Be '2 files done in all, 0 to be tried again', 0
        $data = Join-Path $TestDrive 'nowhere'
        $written = & $night 2>&1
        $written[-1] | Should -Be 2
        "$written" | Should -Match 'nowhere'
        Get-ChildItem $imported -Filter *.json | ForEach-Object Name | Should -Be 'bad.json', 'good.json'
    }

    It 'checksums.Tests.ps1 tests a batch of one''s own' {
        # In a session of its own: a run of Pester within one shares its state.
        $script = "`$result = Invoke-Pester '$(Join-Path $examples 'checksums.Tests.ps1')' -PassThru -Output None; '{0} passed, {1} failed' -f `$result.PassedCount, `$result.FailedCount"
        Invoke-Pwsh -NoProfile -Command $script | Should -Be '3 passed, 0 failed'
    }

    It 'each script has a synopsis, an example, and says what its parameters are' {
        foreach ($file in Get-ChildItem $examples -Filter *.ps1) {
            $help = Get-Help $file.FullName
            $help.Synopsis | Should -Not -BeNullOrEmpty -Because "$($file.Name) needs one"
            $help.examples | Should -Not -BeNullOrEmpty -Because "$($file.Name) needs one"
        }
    }
}
