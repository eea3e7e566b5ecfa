#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5.0' }

# Real programs through both cmdlets. Unix only: the programs are.
BeforeDiscovery {
    $commands = @(@{ Name = 'Invoke-ThreadedBatch' }, @{ Name = 'Invoke-ProcessBatch' })
}

Describe '<Name> -FilePath' -ForEach $commands -Skip:$IsWindows {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Common.psm1') -Force
        Import-BuiltModule
        $odd = 'a b', "it's", 'say "hi"', "two`nlines", '-dash', '--', '{}', '{.}', '{{x}}', '*', '?[a]', '$HOME `x`', 'tab	', 'ü 😀', '\', '\\"', '', ('x' * 100kb)
    }

    BeforeEach { $before = Get-Footprint }
    AfterEach { Assert-NoLeak $before }

    Context 'Arguments' {
        It 'appends the item where no placeholder stands for it' {
            'a', 'b c' | & $Name -FilePath printf -ArgumentList '<%s>\n' -KeepOrder | Should -Be '<a>', '<b c>'
        }

        It 'makes each element exactly one argument, whatever it holds' {
            $python = "import sys, json; print(json.dumps(sys.argv[1:]))"
            $rows = $odd | & $Name -FilePath python3 -ArgumentList '-c', $python, '{}', 'x{}y', 'plain {{}}' -KeepOrder
            for ($i = 0; $i -lt $odd.Count; $i++) {
                $found = $rows[$i] | ConvertFrom-Json
                $found.Count | Should -Be 3
                $found[0] | Should -BeExactly $odd[$i]
                $found[1] | Should -BeExactly "x$($odd[$i])y"
                $found[2] | Should -BeExactly 'plain {}'
            }
        }

        It 'knows the placeholders of GNU parallel' {
            '/a.b/c d.tar.gz' | & $Name -FilePath printf -ArgumentList '%s\n', '{}', '{.}', '{/}', '{//}', '{/.}', '{#}', '{%}' |
                Should -Be '/a.b/c d.tar.gz', '/a.b/c d.tar', 'c d.tar.gz', '/a.b', 'c d.tar', '1', '1'
        }

        It 'evaluates script blocks for each item, in the session of the caller' {
            $suffix = 'mp3'
            1..3 | & $Name -FilePath echo -ArgumentList 'n', { "$_.$suffix" } -KeepOrder | Should -Be 'n 1.mp3', 'n 2.mp3', 'n 3.mp3'
        }

        It 'fails the item whose script block writes none or several values, and only that' {
            $results = 1..3 | & $Name -FilePath echo -ArgumentList { if ($_ -ne 2) { $_ } } -AsResult -KeepOrder
            $results.Status | Should -Be 'Succeeded', 'Failed', 'Succeeded'
            $results[1].Errors[0].FullyQualifiedErrorId | Should -BeLike 'Switchyard.ArgumentNotOneValue*'
            $results[1].InputObject | Should -Be 2
            $result = 1 | & $Name -FilePath echo -ArgumentList { $null } -AsResult
            "$($result.Errors)" | Should -BeLike '*wrote $null*'
            $result.Errors[0].FullyQualifiedErrorId | Should -BeLike 'Switchyard.ArgumentIsNull*'
        }

        It 'passes a file as its full path' {
            $file = New-Item -Path (Join-Path $TestDrive 'a "b" [c].txt') -Value 'x' -Force
            $file | & $Name -FilePath echo | Should -BeExactly $file.FullName
        }
    }

    Context 'What is run' {
        It 'is one terminating error that names an executable that is not there' {
            { 1 | & $Name -FilePath no-such-program -ErrorAction Stop } | Should -Throw -ErrorId 'Switchyard.ExecutableNotFound*' -ExpectedMessage '*no-such-program*'
        }

        It 'says what to do about a file that is not executable' {
            $file = New-Item -Path (Join-Path $TestDrive 'plain.txt') -Value 'x' -Force
            { 1 | & $Name -FilePath $file.FullName } | Should -Throw -ErrorId 'Switchyard.FileNotExecutable*'
        }

        It 'runs a script of PowerShell' {
            $script = New-Item -Path (Join-Path $TestDrive 'script.ps1') -Force -Value 'param($Item, $Word) "$Item $Word"; exit 4'
            $result = 'one' | & $Name -FilePath $script.FullName -ArgumentList '{}', '-Word', 'two' -AsResult
            $result.Output | Should -Be 'one two'
            $result.ExitCode | Should -Be 4
        }

        It 'runs in the folder of the caller, or the one that is named' {
            Push-Location $TestDrive
            try { 1 | & $Name -FilePath sh -ArgumentList '-c', 'pwd' | Should -Be "$TestDrive" } finally { Pop-Location }
            1 | & $Name -FilePath sh -ArgumentList '-c', 'pwd' -WorkingDirectory / | Should -Be '/'
            { 1 | & $Name -FilePath pwd -WorkingDirectory /no/such/folder } | Should -Throw -ErrorId 'Switchyard.FolderNotFound*'
        }

        It 'sets and removes environment variables, and the number of threads' {
            $env:SwitchyardGone = 'here'
            try {
                1 | & $Name -FilePath sh -ArgumentList '-c', 'echo $A-$SwitchyardGone-$OMP_NUM_THREADS' -Environment @{ A = 'x y'; SwitchyardGone = $null } -ThrottleLimit 1 |
                    Should -Be "x y--$([Environment]::ProcessorCount)"
                1 | & $Name -FilePath sh -ArgumentList '-c', 'echo $OMP_NUM_THREADS' -Environment @{ OMP_NUM_THREADS = 77 } | Should -Be 77
            }
            finally { Remove-Item Env:SwitchyardGone }
        }

        It 'starts nothing with -WhatIf' {
            $file = Join-Path $TestDrive 'touched'
            $file | & $Name -FilePath touch -WhatIf -OutputDirectory (Join-Path $TestDrive 'none')
            $file | Should -Not -Exist
            Join-Path $TestDrive 'none' | Should -Not -Exist
        }

        It 'shows the command of each item with -WhatIf' {
            # It goes to the host, so to one of its own.
            $script = Join-Path $TestDrive 'what-if.ps1'
            Set-Content $script @'
param($module, $name)
Import-Module $module
'a b.txt', "it's", '--%' | & $name -FilePath sh -ArgumentList '-c', '{}', '{.}.bak', 'n{#}', { throw 'never run' } -WhatIf
'@
            $shown = Invoke-Pwsh -NoProfile -File $script (Get-Module Switchyard).Path $Name
            $shown.Count | Should -Be 3
            $shown[0] | Should -BeLike "*`"Run executable sh -c 'a b.txt' 'a b.bak' 'n{#}' { throw 'never run' }`" on target `"a b.txt`"*"
            $shown[1] | Should -BeLike "*sh -c 'it''s' 'it''s.bak' *"
            $shown[2] | Should -BeLike "*sh -c '--%' '--%.bak' *"
        }
    }

    Context 'Output' {
        It 'keeps a last line that is not ended, and lone carriage returns' {
            1 | & $Name -FilePath printf -ArgumentList 'a\r\nb\rc\nd%.0s' | Should -Be 'a', "b`rc", 'd'
        }

        It 'writes bytes, in results as one array' {
            $file = Get-Item (Get-Command sh -CommandType Application | Select-Object -First 1).Source
            $result = $file | & $Name -FilePath cat -AsByteStream -AsResult
            , $result.Output | Should -BeOfType ([byte[]])
            [Convert]::ToHexString([Security.Cryptography.SHA256]::HashData($result.Output)) | Should -Be (Get-FileHash $file).Hash
        }

        It 'decodes with -Encoding' {
            1 | & $Name -FilePath printf -ArgumentList '\374\n%.0s' -Encoding latin1 | Should -Be 'ü'
        }

        It 'takes standard error as errors with the item, failing and stopping nothing' {
            $lines = 1, 2 | & $Name -FilePath sh -ArgumentList '-c', 'echo talk >&2; echo done $0', '{}' -KeepOrder -ErrorAction Stop -ErrorVariable talk 2>$null
            $lines | Should -Be 'done 1', 'done 2'
            $talk.Count | Should -Be 2
            $talk[0].FullyQualifiedErrorId | Should -BeLike 'Switchyard.StandardError*'
            $talk.TargetObject | Sort-Object | Should -Be 1, 2
            $talk[0].Exception.Line | Should -Be 'talk'
        }

        It 'is an error with item and code when a program ends with another code than 0' {
            $result = 5 | & $Name -FilePath sh -ArgumentList '-c', 'exit $0', '{}' -AsResult
            $result.Status | Should -Be 'Failed'
            $result.ExitCode | Should -Be 5
            $result.Errors[0].FullyQualifiedErrorId | Should -Be 'Switchyard.NonZeroExit'
            $result.Errors[0].TargetObject | Should -Be 5
            "$($result.Errors[0])" | Should -BeLike '*exit code 5*'
            { 1 | & $Name -FilePath false -ErrorAction Stop } | Should -Throw -ErrorId 'Switchyard.NonZeroExit*'
        }

        It 'names the signal that ended a program' {
            $result = 1 | & $Name -FilePath sh -ArgumentList '-c', 'kill -9 $$' -AsResult
            "$($result.Errors[0])" | Should -BeLike '*SIGKILL*'
            $result.ExitCode | Should -Be 137
        }

        It 'loses no line of children that flood both streams at once' {
            $flood = 'i=0; while [ $i -lt 3000 ]; do echo out $i; echo err $i >&2; i=$((i+1)); done'
            $results = 1..4 | & $Name -FilePath sh -ArgumentList '-c', $flood -AsResult
            $results | ForEach-Object {
                $_.Status | Should -Be 'Succeeded'
                $_.Output | Should -Be (0..2999 | ForEach-Object { "out $_" })
                $_.Errors.Count | Should -Be 3000
            }
        }

        It 'keeps files of each item, to the byte' {
            $folder = Join-Path $TestDrive 'kept here'
            1, 2 | & $Name -FilePath sh -ArgumentList '-c', 'printf "o%s" $0; printf "e%s" $0 >&2; exit $0', '{}' -OutputDirectory $folder -AsResult | Out-Null
            Get-Content (Join-Path $folder '1.stdout') -Raw | Should -BeExactly 'o2'
            Get-Content (Join-Path $folder '1.stderr') -Raw | Should -BeExactly 'e2'
            Get-Content (Join-Path $folder '1.exitcode') | Should -Be 2
            (Get-ChildItem $folder -Force).Count | Should -Be 6
        }
    }

    Context 'Input' {
        It 'finds its input closed' { 1 | & $Name -FilePath sh -ArgumentList '-c', 'cat; echo end' | Should -Be 'end' }

        It 'is given the text of the item as it is' {
            "a`nb", '' | & $Name -FilePath wc -ArgumentList '-c' -InputMode Item -KeepOrder | ForEach-Object Trim | Should -Be '3', '0'
        }

        It 'is given the bytes of a file' {
            $file = New-Item -Path (Join-Path $TestDrive 'bytes') -Value "x`ny" -Force
            $file | & $Name -FilePath cat -InputMode Item | Should -Be 'x', 'y'
        }

        It 'survives a program that does not read it' {
            ('x' * 1mb) | & $Name -FilePath true -InputMode Item -AsResult | ForEach-Object Status | Should -Be 'Succeeded'
        }

        It 'asks one worker a line for each item' {
            $worker = 'while read -r l; do echo "$$ <$l>"; done'
            $lines = 1..20 | & $Name -FilePath sh -ArgumentList '-c', $worker -InputMode Line -KeepOrder -ThrottleLimit 2
            $lines -replace '^\d+ ' | Should -Be (1..20 | ForEach-Object { "<$_>" })
            @($lines -replace ' .*' | Select-Object -Unique).Count | Should -BeLessOrEqual 2
        }

        It 'loses only the item under which a worker dies' {
            $worker = 'while read -r l; do [ "$l" = 3 ] && exit 9; echo "<$l>"; done'
            $results = 1..5 | & $Name -FilePath sh -ArgumentList '-c', $worker -InputMode Line -AsResult -KeepOrder
            $results.Status | Should -Be 'Succeeded', 'Succeeded', 'Crashed', 'Succeeded', 'Succeeded'
            $results[2].ExitCode | Should -Be 9
            $results[2].Errors[-1].FullyQualifiedErrorId | Should -BeLike 'Switchyard.WorkerDied*'
        }

        It 'is a clear error when a worker answers twice, and when it never answers' {
            $twice = 'while read -r l; do echo a; echo b; done'
            $result = 1 | & $Name -FilePath sh -ArgumentList '-c', $twice -InputMode Line -AsResult
            $result.Status | Should -Be 'Failed'
            $result.Errors[0].FullyQualifiedErrorId | Should -BeLike 'Switchyard.AnsweredTwice*'
            $result = 1 | & $Name -FilePath sh -ArgumentList '-c', 'sleep 60' -InputMode Line -AsResult -ItemTimeoutSeconds 0.3
            $result.Status | Should -Be 'TimedOut'
        }

        It 'refuses an item of two lines, and arguments of an item, for a worker' {
            $result = "a`nb" | & $Name -FilePath cat -InputMode Line -AsResult
            $result.Errors[0].FullyQualifiedErrorId | Should -BeLike 'Switchyard.ItemNotOneLine*'
            { 1 | & $Name -FilePath cat -ArgumentList '{}' -InputMode Line } | Should -Throw -ErrorId 'Switchyard.ArgumentOfNoItem*'
        }
    }

    Context 'Ending' {
        It 'ends an item that takes too long with all that it has started, deaf or gone astray' {
            $mark = 100000 + (Get-Random -Maximum 99999)
            $script = "trap '' TERM; setsid sleep $mark >/dev/null 2>&1 & sleep $mark & sleep $mark; sleep $mark"
            $results = 1, 2 | & $Name -FilePath sh -ArgumentList '-c', $script -ItemTimeoutSeconds 3 -GraceSeconds 0.3 -AsResult
            $results.Status | Should -Be 'TimedOut', 'TimedOut'
            pgrep -f "sleep $mark" | Should -BeNullOrEmpty
        }

        It 'ends a deaf child that never stops writing' {
            # An ignored signal stays ignored in the next program, and this one leaves no moment without output.
            $script = "trap '' TERM; exec yes"
            $result = 1 | & $Name -FilePath sh -ArgumentList '-c', $script -ItemTimeoutSeconds 3 -GraceSeconds 0.2 -AsResult
            $result.Status | Should -Be 'TimedOut'
            $result.ExitCode | Should -Be 137
        }

        It 'ends what outstays a program, and says so' {
            $mark = 100000 + (Get-Random -Maximum 99999)
            $lines = 1 | & $Name -FilePath sh -ArgumentList '-c', "sleep $mark & echo hi" -GraceSeconds 0.3 -WarningVariable warning 3>$null
            $lines | Should -Be 'hi'
            $warning.Count | Should -Be 1
            pgrep -f "sleep $mark" | Should -BeNullOrEmpty
        }

        It 'waits for what a program has left behind while that writes' {
            1 | & $Name -FilePath sh -ArgumentList '-c', '(sleep 0.5; echo late) & echo early' | Should -Be 'early', 'late'
        }

        It 'ends the children of a process that is killed' {
            $mark = 100000 + (Get-Random -Maximum 99999)
            $code = "Import-Module '$(Get-BuiltManifest)'; 1..2 | $Name -FilePath sleep -ArgumentList '$mark'"
            $shell = Start-Pwsh '-NoProfile', '-EncodedCommand', ([Convert]::ToBase64String([Text.Encoding]::Unicode.GetBytes($code)))
            try {
                # The shell's own command line is encoded, so only the children match.
                Wait-Until { pgrep -f "sleep $mark" } -Timeout '00:02:00' | Should -BeTrue
            }
            finally {
                $shell.Kill()
                $shell.WaitForExit()
            }

            Wait-Until { -not (pgrep -f "sleep $mark") } -Timeout '00:00:10' | Should -BeTrue
        }

        It 'ends everything once what follows has enough' {
            $mark = 100000 + (Get-Random -Maximum 99999)
            1..100 | & $Name -FilePath sh -ArgumentList '-c', "echo x; sleep $mark" -ThrottleLimit 4 | Select-Object -First 1 | Should -Be 'x'
            pgrep -f "sleep $mark" | Should -BeNullOrEmpty
        }
    }

    Context 'With the rest' {
        It 'tries again what failed' {
            $file = Join-Path $TestDrive 'tries'
            $result = 1 | & $Name -FilePath sh -ArgumentList '-c', "echo x >> '$file'; [ `$(wc -l < '$file') -ge 3 ]" -RetryCount 3 -RetryDelaySeconds 0.01 -AsResult
            $result.Status | Should -Be 'Succeeded'
            $result.Attempts | Should -Be 3
        }

        It 'tells of the processor time of the child' {
            $result = 1 | & $Name -FilePath sh -ArgumentList '-c', 'i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done' -AsResult
            $result.CpuTime | Should -BeGreaterThan ([timespan]::FromMilliseconds(5))
        }

        It 'runs as a job' {
            $job = 1..3 | & $Name -FilePath echo -AsJob -Name echoes
            $job | Wait-Job | Receive-Job -Wait -AutoRemoveJob | Sort-Object | Should -Be '1', '2', '3'
        }

        It 'does nothing for no items' { @() | & $Name -FilePath echo | Should -BeNullOrEmpty }
    }
}
