#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5.0' }

# A worker behind a launch command on this machine: 'env' carries standard input and output, as ssh does.
Describe 'Files to and from other machines' -Skip:$IsWindows {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Common.psm1') -Force
        Import-BuiltModule
        $far = @{ LaunchCommand = 'env'; WorkersPerHost = 2; PowerShellPath = (Get-Pwsh).Path }
        function Get-WorkFolder { Get-ChildItem ~/.cache/switchyard/work -ErrorAction Ignore | ForEach-Object FullName }
    }

    BeforeEach {
        $before = @(Get-WorkFolder)
        $null = New-Item -ItemType Directory (Join-Path $TestDrive 'files/data/deep')
        Push-Location (Join-Path $TestDrive 'files')
        1..4 | ForEach-Object { Set-Content "data/$_.csv" "line $_" -NoNewline }
        Set-Content base.txt 'base' -NoNewline
    }

    AfterEach {
        Pop-Location
        Remove-Item (Join-Path $TestDrive 'files') -Recurse -Force
        @(Get-WorkFolder) | Where-Object { $_ -notin $before } | Remove-Item -Recurse -Force
    }

    It 'sends what an item needs, brings back what it made, and leaves nothing' {
        $names = 'data/1.csv', 'data/deep/a b''"ü`$(x).csv', '-dash.csv', "data/new`nline.csv"
        $names | ForEach-Object { [System.IO.File]::WriteAllText("$PWD/$_", "of $_") }
        $output = $names | ForEach-Object { [System.IO.FileInfo]"$PWD/$_" } | Invoke-ProcessBatch @far -KeepOrder -SendFile '{}', 'base.txt' -ReceiveFile '{.}.out' -CleanUp {
            [System.IO.File]::WriteAllText([System.IO.Path]::ChangeExtension($_.FullName, '.out'), [System.IO.File]::ReadAllText($_.FullName) + (Get-Content base.txt))
            $_.FullName.StartsWith("$PWD/"), ($PWD.Path -like '*/.cache/switchyard/work/*'), $_.Exists
        }
        $output | Should -Be (@($true) * 12)
        foreach ($name in $names) {
            [System.IO.File]::ReadAllText([System.IO.Path]::ChangeExtension("$PWD/$name", '.out')) | Should -Be "of ${name}base"
        }

        Wait-Until { -not (Get-WorkFolder | Where-Object { $_ -notin $before }) } | Should -BeTrue
    }

    It 'makes of a text that was sent the path there, and leaves others alone' {
        'data/1.csv', "$PWD/data/2.csv" | Invoke-ProcessBatch @far -KeepOrder -SendFile '{}' { $_; Get-Content $_ } | Should -Be 'data/1.csv', 'line 1', 'data/2.csv', 'line 2'
        'some text' | Invoke-ProcessBatch @far -SendFile { 'data/1.csv' } { $_; Get-Content data/1.csv } | Should -Be 'some text', 'line 1'
    }

    It 'does not send again what is there unchanged' {
        $item = Get-Item data/1.csv
        $item | Invoke-ProcessBatch @far -SendFile '{}' { $_.FullName } | Tee-Object -Variable path | Should -BeLike '*/data/1.csv'
        Set-Content $path 'LINE 1' -NoNewline
        (Get-Item $path).LastWriteTimeUtc = $item.LastWriteTimeUtc
        $item | Invoke-ProcessBatch @far -SendFile '{}' { Get-Content $_ } | Should -BeExactly 'LINE 1'
        Set-Content data/1.csv 'new' -NoNewline
        Get-Item data/1.csv | Invoke-ProcessBatch @far -SendFile '{}' { Get-Content $_ } | Should -BeExactly 'new'
    }

    It 'does the same for a program, whose arguments name the file there' {
        Get-ChildItem data/*.csv | Invoke-ProcessBatch @far -FilePath sh -ArgumentList '-c', 'cat "$1" base.txt > "$1.out"; echo "$1"', 'sh', '{}' -KeepOrder -SendFile '{}', 'base.txt' -ReceiveFile '{}.out' -CleanUp |
            Should -Be (1..4 | ForEach-Object { "data/$_.csv" })
        1..4 | ForEach-Object { Get-Content "data/$_.csv.out" } | Should -Be (1..4 | ForEach-Object { "line ${_}base" })
    }

    It 'runs a program that was sent' {
        Set-Content tool.sh "#!/bin/sh`necho tool `$1"
        chmod +x tool.sh
        1 | Invoke-ProcessBatch @far -FilePath ./tool.sh -SendFile tool.sh | Should -Be 'tool 1'
    }

    It 'fails the item whose file is missing here, there, or outside, and no other' {
        $results = 'data/1.csv', 'data/none.csv' | Invoke-ProcessBatch @far -AsResult -KeepOrder -SendFile '{}' -ReceiveFile '{}.out' { Set-Content "$_.out" x }
        $results.Status | Should -Be 'Succeeded', 'Failed'
        $results[1].Errors[0].FullyQualifiedErrorId | Should -Be 'Switchyard.FileNotSent'
        $results = 'data/1.csv', 'data/2.csv' | Invoke-ProcessBatch @far -AsResult -KeepOrder -SendFile '{}' -ReceiveFile '{}.back' { if ($_ -like '*2*') { Set-Content "$_.back" x } }
        $results.Status | Should -Be 'Failed', 'Succeeded'
        $results[0].Errors[0].FullyQualifiedErrorId | Should -Be 'Switchyard.FileNotReceived'
        Get-ChildItem data/*.back | ForEach-Object Name | Should -Be '2.csv.back'
        $result = 'data/1.csv' | Invoke-ProcessBatch @far -AsResult -SendFile '{}' -ReceiveFile '../../../etc/passwd' { 1 }
        $result.Errors[0].FullyQualifiedErrorId | Should -Be 'Switchyard.FileNotReceived'
        $result = Get-Item data/1.csv | Invoke-ProcessBatch @far -AsResult -SendFile '{}' -ReceiveFile none -FilePath true
        $result.Status, $result.Errors[0].FullyQualifiedErrorId | Should -Be 'Failed', 'Switchyard.FileNotReceived'
    }

    It 'refuses two files of one name from outside' {
        $null = New-Item -ItemType Directory $TestDrive/a, $TestDrive/b -Force
        Set-Content $TestDrive/a/x 'a'
        Set-Content $TestDrive/b/x 'b'
        $results = "$TestDrive/a/x", "$TestDrive/b/x" | Invoke-ProcessBatch @far -AsResult -KeepOrder -SendFile '{}' { Get-Content $_ }
        $results.Status | Should -Be 'Succeeded', 'Failed'
        $results[1].Errors[0].Exception.Message | Should -BeLike '*another file*'
    }

    It 'ends before the first item where what all need is not there' {
        { 1 | Invoke-ProcessBatch @far -SendFile missing.txt { 1 } -ErrorAction Stop } | Should -Throw -ErrorId 'Switchyard.FileNotSent,*'
    }

    It 'puts results beside an item from outside, and uses the folder that is named' {
        $null = New-Item -ItemType Directory $TestDrive/outside, $TestDrive/work -Force
        Set-Content $TestDrive/outside/x 'x' -NoNewline
        Set-Content $TestDrive/work/mine 'mine'
        Get-Item $TestDrive/outside/x | Invoke-ProcessBatch @far -WorkingDirectory "$TestDrive/work" -SendFile '{}' -ReceiveFile { "$($_.BaseName).out" } -CleanUp {
            Set-Content "$_.out" 'out' -NoNewline
            $PWD.Path
        } | Should -Be "$TestDrive/work"
        Get-Content $TestDrive/outside/x.out | Should -Be 'out'
        Wait-Until { -not (Test-Path "$TestDrive/work.locks") } | Should -BeTrue
        Get-ChildItem $TestDrive/work | ForEach-Object Name | Should -Be 'mine'
    }

    It 'says once that a file item is not there, with the cure' {
        $gone = 1..20 | ForEach-Object { [System.IO.FileInfo]"/nowhere/$_" }
        $gone | Invoke-ProcessBatch @far { 1 } -WarningVariable warnings -WarningAction SilentlyContinue | Should -Be (@(1) * 20)
        $warnings | Should -HaveCount 1
        $warnings[0].Message | Should -BeLike "*-SendFile '{}'*"
    }

    It 'needs another machine for <_>' -ForEach 'SendFile', 'ReceiveFile' {
        $parameter = @{ $_ = '{}' }
        { 1 | Invoke-ProcessBatch { 1 } @parameter -ErrorAction Stop } | Should -Throw -ErrorId 'Switchyard.ParameterNeedsAnother,*'
    }
}
