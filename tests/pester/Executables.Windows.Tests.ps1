#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5.0' }

# Programs on Windows: those that it has, and one that the tests bring. What sh and its kin show elsewhere is in Executables.Tests.
BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1') -Force
    $commands = @(@{ Name = 'Invoke-ThreadedBatch' }, @{ Name = 'Invoke-ProcessBatch' })
    $lacking = if (-not $IsWindows) { 'this is not Windows' } elseif (-not (Find-TestProgram)) { "there is no program in out/TestProgram; build tests/TestProgram" }
}

Describe '<Name> -FilePath on Windows' -ForEach $commands -Skip:([bool] $lacking) {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Common.psm1') -Force
        Import-BuiltModule
        $program = Find-TestProgram
        $odd = 'a b', "it's", 'say "hi"', "two`nlines", '-dash', '--', '/c', '{}', '{.}', '*', '?[a]', '%PATH%', '!x!', '^', '&', 'a|b>c', 'tab	', 'ü 😀', '\', '\\"', 'C:\a b\', '"', '\"', '', ('x' * 10kb)
        function Get-Left($Folder) {
            # The ids are those of files; another's process may have taken one since.
            foreach ($file in Get-ChildItem -LiteralPath $Folder) { Get-Process -Id $file.Name -ErrorAction Ignore | Where-Object Name -EQ TestProgram }
        }
    }

    BeforeEach {
        $before = Get-Footprint
        $folder = New-Item -ItemType Directory (Join-Path $TestDrive ([guid]::NewGuid()))
    }

    AfterEach { Assert-NoLeak $before }

    Context 'Arguments' {
        It 'makes each element exactly one argument, whatever it holds' {
            $rows = @($odd | & $Name -FilePath $program -ArgumentList 'args', '{}', 'x{}y', 'plain {{}}' -KeepOrder)
            $rows.Count | Should -Be $odd.Count
            for ($i = 0; $i -lt $odd.Count; $i++) {
                $found = $rows[$i] | ConvertFrom-Json
                $found.Count | Should -Be 3
                $found[0] | Should -BeExactly $odd[$i]
                $found[1] | Should -BeExactly "x$($odd[$i])y"
                $found[2] | Should -BeExactly 'plain {}'
            }
        }

        It 'gives <_> its line as PowerShell does, quotation marks and all' -ForEach 'cmd', 'cmd.exe' {
            foreach ($arguments in @('/c', 'echo "a b" \"c\" & echo d'), @('/d', '/c', 'echo', '[x y]', 'a\'), @('/c', 'echo', 'C:\a b\', '', '"x" y'), @('/c', 'if "a b"=="a b" echo same')) {
                1 | & $Name -FilePath $_ -ArgumentList (@($arguments) + { '' }) | Should -Be @(cmd @arguments '')
            }
        }

        It 'gives a batch file what it was given' {
            $batch = Join-Path $folder 'it''s a.cmd'
            Set-Content -LiteralPath $batch '@echo off', ':next', 'if [%1]==[] exit /b 3', 'echo "%~1"', 'shift', 'goto next'
            $result = 'a b', '%PATH%', 'x&y', '^' | & $Name -FilePath $batch -ArgumentList '{}', 'last' -AsResult -KeepOrder
            $result.ExitCode | Should -Be 3, 3, 3, 3
            $result[0].Output | Should -Be '"a b"', '"last"'
            $result[2].Output | Should -Be '"x&y"', '"last"'
        }

        It 'fails the item whose command line is too long, and only that' {
            $results = 'a', ('x' * 40kb), 'b' | & $Name -FilePath $program -ArgumentList 'print' , '{}' -AsResult -KeepOrder
            $results.Status | Should -Be 'Succeeded', 'Failed', 'Succeeded'
            $results[1].Errors[0].FullyQualifiedErrorId | Should -BeLike 'Switchyard.StartFailed*'
            "$($results[1].Errors[0])" | Should -BeLike '*32767*'
        }
    }

    Context 'What is run' {
        It 'finds <_> by its name' -ForEach 'findstr', 'FINDSTR.EXE' {
            'here' | & $Name -FilePath $_ -ArgumentList 'h' -InputMode Item | Should -Be 'here'
        }

        It 'is one error of a program of another kind' {
            $file = New-Item (Join-Path $folder 'no.exe') -Value 'no program'
            $failure = { 1, 2 | & $Name -FilePath $file.FullName -ErrorAction Stop } | Should -Throw -PassThru
            $failure.FullyQualifiedErrorId | Should -BeLike 'Switchyard.CannotStart*'
        }

        It 'runs a script of PowerShell' {
            $script = New-Item (Join-Path $folder 'a script.ps1') -Value 'param($Item, $Word) "$Item $Word"; exit 4'
            $result = 'one' | & $Name -FilePath $script.FullName -ArgumentList '{}', '-Word', 'two' -AsResult
            $result.Output | Should -Be 'one two'
            $result.ExitCode | Should -Be 4
        }

        It 'runs in the folder of the caller, or the one that is named' {
            Push-Location -LiteralPath $folder
            try { 1 | & $Name -FilePath $program -ArgumentList 'where', '{#}' | Should -Be $folder.FullName } finally { Pop-Location }
            1 | & $Name -FilePath $program -ArgumentList 'where', '{#}' -WorkingDirectory C:\ | Should -Be 'C:\'
        }

        It 'sets and removes environment variables, whatever their case' {
            $env:SwitchyardGone = 'here'
            try {
                1 | & $Name -FilePath $program -ArgumentList 'variables', 'a', 'SwitchyardGone', 'OMP_NUM_THREADS', 'x{}' -Environment @{ A = 'x y'; SWITCHYARDGONE = $null; ü = 'ö' } -ThrottleLimit 1 |
                    Should -Be "x y||$([Environment]::ProcessorCount)|"
            }
            finally { Remove-Item Env:SwitchyardGone }
        }
    }

    Context 'Text' {
        BeforeAll { $console = [Console]::OutputEncoding }
        AfterEach { [Console]::OutputEncoding = $console }

        It 'is read in the code page <_> of the console' -ForEach 437, 850, 1252, 65001 {
            [Console]::OutputEncoding = [Text.Encoding]::GetEncoding($_)
            1 | & $Name -FilePath cmd -ArgumentList '/c', 'echo Grüße&rem' | Should -Be 'Grüße'
        }

        It 'is read so of a script of PowerShell' {
            $script = New-Item (Join-Path $folder 'greet.ps1') -Value "`u{FEFF}'Gr' + [char]0xFC + [char]0xDF + 'e'"
            1 | & $Name -FilePath $script.FullName | Should -Be 'Grüße'
        }

        It 'is read with -Encoding as that says' {
            1 | & $Name -FilePath $program -ArgumentList 'bytes', 'C3BC0D0A' -Encoding utf8 | Should -Be 'ü'
            1 | & $Name -FilePath $program -ArgumentList 'bytes', 'FC00' -Encoding unicode | Should -Be 'ü'
            1 | & $Name -FilePath $program -ArgumentList 'bytes', 'FC' -Encoding 1252 | Should -Be 'ü'
        }

        It 'goes in as it comes out' {
            'Grüße', 'a|b' | & $Name -FilePath $program -ArgumentList 'cat' -InputMode Item -KeepOrder | Should -Be 'Grüße', 'a|b'
            'Grüße' | & $Name -FilePath $program -ArgumentList 'cat' -InputMode Item -AsByteStream -AsResult |
                ForEach-Object { [Convert]::ToHexString($_.Output) } | Should -Be ([Convert]::ToHexString($console.GetBytes('Grüße')))
        }

        It 'is an error of an item with a character that the code page lacks' {
            [Console]::OutputEncoding = [Text.Encoding]::GetEncoding(437)
            $results = 'ü', '😀', 'b' | & $Name -FilePath $program -ArgumentList 'cat' -InputMode Item -AsResult -KeepOrder
            $results.Status | Should -Be 'Succeeded', 'Failed', 'Succeeded'
            $results[1].Errors[0].FullyQualifiedErrorId | Should -BeLike 'Switchyard.ItemNotEncodable*'
            "$($results[1].Errors[0])" | Should -BeLike '*U+1F600*-Encoding*'
            '😀' | & $Name -FilePath $program -ArgumentList 'cat' -InputMode Item -Encoding utf8 | Should -Be '😀'
        }
    }

    Context 'Streams' {
        It 'loses no line of children that flood both at once' {
            $results = 1..4 | & $Name -FilePath $program -ArgumentList 'flood', '2000', '{}' -AsResult
            $results | ForEach-Object {
                $_.Status | Should -Be 'Succeeded'
                $_.Output | Should -Be (0..1999 | ForEach-Object { "out $_" })
                $_.Errors.Count | Should -Be 2000
            }
        }

        It 'writes bytes as they are' {
            $result = 1 | & $Name -FilePath $program -ArgumentList 'bytes', '00FF0D0A1A' -AsByteStream -AsResult
            [Convert]::ToHexString($result.Output) | Should -Be '00FF0D0A1A'
        }

        It 'gives a file to read, and its text' {
            $file = New-Item (Join-Path $folder 'in put.txt') -Value "x`r`ny"
            $file | & $Name -FilePath $program -ArgumentList 'cat' -InputMode Item | Should -Be 'x', 'y'
            "a`nb", '' | & $Name -FilePath $program -ArgumentList 'cat' -InputMode Item -KeepOrder | Should -Be 'a', 'b'
        }

        It 'gives nothing to read otherwise' { 1 | & $Name -FilePath $program -ArgumentList 'cat', '{}' | Should -BeNullOrEmpty }

        It 'gives a file to read that another is still writing' {
            $path = Join-Path $folder 'log.txt'
            $log = [IO.FileStream]::new($path, 'Create', 'Write', 'Read')
            try {
                $log.Write([byte[]](120, 10))
                $log.Flush()
                Get-Item -LiteralPath $path | & $Name -FilePath $program -ArgumentList 'cat' -InputMode Item | Should -Be 'x'
            }
            finally { $log.Dispose() }
        }

        It 'survives a program that does not read' {
            ('x' * 1mb) | & $Name -FilePath $program -ArgumentList 'exit', '0' -InputMode Item -AsResult | ForEach-Object Status | Should -Be 'Succeeded'
        }

        It 'keeps files of each item, to the byte' {
            $kept = Join-Path $folder 'kept here'
            1 | & $Name -FilePath $program -ArgumentList 'bytes', '00FF', '{}' -OutputDirectory $kept -AsResult | Out-Null
            [Convert]::ToHexString([IO.File]::ReadAllBytes((Join-Path $kept '0.stdout'))) | Should -Be '00FF'
            Get-Content (Join-Path $kept '0.exitcode') | Should -Be 0
        }

        It 'asks one worker a line for each item, and loses only that under which it ends' {
            $results = 1..6 | & $Name -FilePath $program -ArgumentList 'answer', '3' -InputMode Line -AsResult -KeepOrder -ThrottleLimit 2
            $results.Status | Should -Be 'Succeeded', 'Succeeded', 'Crashed', 'Succeeded', 'Succeeded', 'Succeeded'
            $results[2].ExitCode | Should -Be 9
            $results[0].Output -replace '^\d+ ' | Should -Be '<1>'
        }
    }

    Context 'Ends' {
        It 'tells the exit code <Code> as <Text>' -ForEach @{ Code = 5; Text = '*exit code 5*' }, @{ Code = -1; Text = '*exit code -1*' }, @{ Code = -1073741819; Text = '*-1073741819 (0xC0000005)*' } {
            $result = 1 | & $Name -FilePath $program -ArgumentList 'exit', "$Code" -AsResult
            $result.Status | Should -Be 'Failed'
            $result.ExitCode | Should -Be $Code
            "$($result.Errors[0])" | Should -BeLike $Text
            $result.Errors[0].Exception.Signal | Should -BeNullOrEmpty
        }

        It 'ends what takes too long, with all that it has started' {
            $results = 1, 2 | & $Name -FilePath $program -ArgumentList 'storm', '4', '600', $folder.FullName -ItemTimeoutSeconds 5 -GraceSeconds 0.3 -AsResult
            $results.Status | Should -Be 'TimedOut', 'TimedOut'
            @(Get-ChildItem -LiteralPath $folder).Count | Should -BeGreaterThan 2
            Get-Left $folder | Should -BeNullOrEmpty
        }

        It 'ends a deaf program that never stops writing' {
            $result = 1 | & $Name -FilePath $program -ArgumentList 'deaf', '{}' -ItemTimeoutSeconds 1 -GraceSeconds 0.2 -AsResult
            $result.Status | Should -Be 'TimedOut'
        }

        It 'ends what outstays a program, and says so' {
            $lines = 1 | & $Name -FilePath $program -ArgumentList 'leave', '600', $folder.FullName -GraceSeconds 0.3 -WarningVariable warning 3>$null
            $lines | Should -Be 'left'
            $warning.Count | Should -Be 1
            Get-Left $folder | Should -BeNullOrEmpty
        }

        It 'ends everything once what follows has enough' {
            1..100 | & $Name -FilePath $program -ArgumentList 'deaf', '{}' -ThrottleLimit 3 | Select-Object -First 1 | Should -Be 'deaf'
        }

        It 'ends at once what cannot be asked, as there is no console' {
            # A session that has none, as a service's.
            $script = Join-Path $folder 'batch.ps1'
            Set-Content -LiteralPath $script @'
param($module, $name, $program, $out)
Add-Type -Namespace Native -Name Console -MemberDefinition '[DllImport("kernel32")] public static extern int FreeConsole();'
Import-Module $module
$null = [Native.Console]::FreeConsole()
$clock = [Diagnostics.Stopwatch]::StartNew()
$result = 1 | & $name -FilePath $program -ArgumentList 'sleep', '600' -ItemTimeoutSeconds 1 -GraceSeconds 120 -AsResult
Set-Content $out $result.Status, ($clock.Elapsed.TotalSeconds -lt 100)
'@
            $out = Join-Path $folder 'out.txt'
            Invoke-Pwsh -NoProfile -File $script (Get-Module Switchyard).Path $Name $program $out
            Get-Content $out | Should -Be 'TimedOut', 'True'
        }

        It 'ends the children of a process that is killed, whatever they are starting' {
            $script = Join-Path $folder 'batch.ps1'
            Set-Content -LiteralPath $script @'
param($module, $name, $program, $folder)
Import-Module $module
1..100 | & $name -FilePath $program -ArgumentList 'storm', '6', '600', $folder -ThrottleLimit 3
'@
            $ids = New-Item -ItemType Directory (Join-Path $folder 'ids')
            foreach ($count in 1, 4, 9) {
                $shell = Start-Pwsh '-NoProfile', '-File', "`"$script`"", "`"$((Get-Module Switchyard).Path)`"", $Name, "`"$program`"", "`"$ids`""
                try {
                    Wait-Until { @(Get-ChildItem -LiteralPath $ids).Count -ge $count } -Timeout '00:02:00' | Should -BeTrue
                }
                finally {
                    $shell.Kill()
                    $shell.WaitForExit()
                }

                Wait-Until { -not (Get-Left $ids) } -Timeout '00:00:10' | Should -BeTrue
                Get-ChildItem -LiteralPath $ids | Remove-Item
            }
        }
    }
}
