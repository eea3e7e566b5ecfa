#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5.0' }

# A worker behind a launch command on this machine: 'env' carries standard input and output, as ssh does. What a program writes and how it ends is in xUnit, side by side with here.
Describe 'Programs on other machines' -Skip:$IsWindows {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Common.psm1') -Force
        Import-BuiltModule
        $far = @{ LaunchCommand = 'env', 'THERE=yes'; WorkersPerHost = 2; PowerShellPath = (Get-Pwsh).Path }
    }

    BeforeEach { $before = Get-Footprint }
    AfterEach { Assert-NoLeak $before }

    It 'makes each argument and each placeholder here, and runs the program there' {
        'a b', "it's `$x`n*", '😀' | Invoke-ProcessBatch @far -FilePath sh -ArgumentList '-c', 'printf "%s|" "$@" $THERE; echo', 'sh', '{}', '{#}', '{%}', { "<$_>" } -ThrottleLimit 1 -KeepOrder |
            Should -BeExactly 'a b|1|1|<a b>|yes|', "it's `$x", '*|2|1|<it''s $x', '*>|yes|', '😀|3|1|<😀>|yes|'
    }

    It 'has the environment of there, with what is asked for, and its share of the cores' {
        $env:SWITCHYARD_ONLY_HERE = 'here'
        try {
            1 | Invoke-ProcessBatch @far -FilePath sh -ArgumentList '-c', 'echo "[$SET][$HOME][$OMP_NUM_THREADS]"', 'sh' -Environment @{ SET = 'ü'; HOME = $null } |
                Should -Be "[ü][][$([Math]::Max(1, [Math]::Floor([Environment]::ProcessorCount / 2)))]"
        }
        finally {
            $env:SWITCHYARD_ONLY_HERE = $null
        }
    }

    It 'starts in the folder that is named there, and finds the program from it' {
        Set-Content "$TestDrive/tool" "#!/bin/sh`necho `"`$1 in `$PWD`""
        chmod +x "$TestDrive/tool"
        1 | Invoke-ProcessBatch @far -FilePath ./tool -WorkingDirectory $TestDrive | Should -Be "1 in $TestDrive"
        1 | Invoke-ProcessBatch @far -FilePath sh -ArgumentList '-c', 'pwd', 'sh' -WorkingDirectory '~' | Should -Be $HOME
    }

    It 'says once what is not there, with the machine: <Id>' -ForEach @(
        @{ Id = 'ExecutableNotFound'; Given = @{ FilePath = 'no-such-program' }; Named = 'no-such-program' }
        @{ Id = 'ExecutableNotFound'; Given = @{ FilePath = './no-such-program' }; Named = 'no-such-program' }
        @{ Id = 'ExecutableIsFolder'; Given = @{ FilePath = '/usr' }; Named = '/usr' }
        @{ Id = 'FileNotExecutable'; Given = @{ FilePath = '/etc/passwd' }; Named = '/etc/passwd' }
        @{ Id = 'FarFolderNotFound'; Given = @{ FilePath = 'true'; WorkingDirectory = '/no/such' }; Named = '/no/such' }
        @{ Id = 'NoTerminalElsewhere'; Given = @{ FilePath = 'true'; InputMode = 'Terminal' }; Named = 'Terminal' }
    ) {
        $failure = { 1..3 | Invoke-ProcessBatch @far @Given -WarningAction SilentlyContinue } | Should -Throw -ErrorId "Switchyard.$Id,*" -PassThru
        $failure.Exception.Message | Should -BeLike "*$Named*"
        if ($Id -ne 'NoTerminalElsewhere') {
            $failure.Exception.Message | Should -BeLike '*env THERE=yes: *'
        }
    }

    It 'runs a script of PowerShell there' {
        Set-Content "$TestDrive/script.ps1" 'param($a) "$a $env:THERE"; exit 4'
        $result = 'x' | Invoke-ProcessBatch @far -FilePath "$TestDrive/script.ps1" -AsResult
        $result.Status, $result.ExitCode, $result.HostName, "$($result.Output)" | Should -Be 'Failed', 4, 'env THERE=yes', 'x yes'
    }

    It 'reads a file here that is the input of the program there' {
        [System.IO.File]::WriteAllBytes("$TestDrive/data", [byte[]](0, 255, 10))
        $bytes = Get-Item "$TestDrive/data" | Invoke-ProcessBatch @far -FilePath cat -InputMode Item -AsByteStream
        $bytes | Should -Be 0, 255, 10
    }

    It 'keeps what programs of there have written in files here' {
        1, 2 | Invoke-ProcessBatch @far -FilePath sh -ArgumentList '-c', 'echo out{}; echo err{} >&2; exit {}' -OutputDirectory "$TestDrive/kept" -KeepOrder -ErrorAction SilentlyContinue | Should -Be 'out1', 'out2'
        Get-Content "$TestDrive/kept/1.stdout", "$TestDrive/kept/1.stderr", "$TestDrive/kept/1.exitcode" | Should -Be 'out2', 'err2', '2'
    }

    It 'asks a program there line by line, and again another when one has died' {
        $results = 'a', 'die', 'b' | Invoke-ProcessBatch @far -ThrottleLimit 1 -FilePath sh -InputMode Line -ArgumentList '-c', 'while read l; do [ $l = die ] && exit 9; echo "got $l"; done' -AsResult -KeepOrder
        $results.Status | Should -Be 'Succeeded', 'Crashed', 'Succeeded'
        $results.Output | Should -Be 'got a', 'got b'
    }

    It 'leaves nothing running of an item that is out of time' {
        $result = 1 | Invoke-ProcessBatch @far -FilePath sh -ArgumentList '-c', 'trap "echo bye" TERM; sleep 7711 & sleep 7711; wait', 'sh' -ItemTimeoutSeconds 4 -GraceSeconds 10 -AsResult
        $result.Status, "$($result.Output)" | Should -Be 'TimedOut', 'bye'
        pgrep -f 'sleep 771[1]' | Should -BeNullOrEmpty
    }

    It 'leaves nothing running when the batch is stopped, and nothing of a worker that was killed' {
        $job = 1, 2 | Invoke-ProcessBatch @far -FilePath sleep -ArgumentList '7712' -AsJob
        Wait-Until { @(pgrep -f 'sleep 771[2]').Count -eq 2 } | Should -BeTrue
        Stop-Job $job
        Remove-Job $job
        Wait-Until { -not (pgrep -f 'sleep 771[2]') } | Should -BeTrue
        1..4 | Invoke-ProcessBatch @far -FilePath sh -ArgumentList '-c', "if [ {} = 2 ] && [ ! -e '$TestDrive/killed' ]; then : > '$TestDrive/killed'; kill -9 `$PPID; sleep 7713; fi; echo {}" -WarningAction SilentlyContinue |
            Sort-Object | Should -Be 1, 2, 3, 4
        Wait-Until { -not (pgrep -f 'sleep 771[3]') } | Should -BeTrue
    }
}
