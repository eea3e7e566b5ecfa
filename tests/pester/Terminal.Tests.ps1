#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5.0' }

BeforeDiscovery {
    # Of util-linux, which takes the command as one argument.
    $noTerminal = -not ($IsLinux -and (Get-Command script -CommandType Application -ErrorAction Ignore))
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1') -Force
    Import-BuiltModule

    function Invoke-AtTerminal {
        # Runs a script in a PowerShell of its own at a terminal of its own. What it writes into $args[0], a file, is what comes back.
        param([string] $Script, [string[]] $Typed = @())

        $file = Join-Path $TestDrive 'at-terminal.ps1'
        $result = Join-Path $TestDrive 'result.txt'
        Set-Content -LiteralPath $file "param(`$Module, `$Result)`n`$ProgressPreference = 'SilentlyContinue'`nImport-Module `$Module`n& { $Script } | Set-Content -LiteralPath `$Result"
        $pwsh = Get-Pwsh
        $command = @($pwsh.Program) + @($pwsh.Before) + '-NoProfile', '-NonInteractive', '-File', $file, (Get-BuiltManifest), $result | ForEach-Object { "'$_'" }
        $Typed | script -qec "$command" /dev/null | Out-Null
        Get-Content -LiteralPath $result
    }
}

Describe 'A program that asks at the terminal' {
    It 'ends with an error that names it, whatever started it, and the other items go on' -Skip:$noTerminal {
        $shown = Invoke-AtTerminal {
            $results = 1..3 | Invoke-ThreadedBatch -FilePath sh -ArgumentList '-c', 'echo $0; [ $0 = 2 ] || exit 0; bash -c "read x </dev/tty; echo $x"', '{}' -AsResult -KeepOrder -RetryCount 3
            $results += 1, 2 | Invoke-ProcessBatch { "$_"; if ($_ -eq 2) { sh -c 'read x </dev/tty; echo $x' } } -AsResult -KeepOrder -ThrottleLimit 1
            $results += 1 | Invoke-ThreadedBatch -FilePath sh -ArgumentList '-c', 'while read l; do read x </dev/tty; echo $x; done' -InputMode Line -AsResult
            $results | ForEach-Object { "$($_.Status) $($_.Attempts) $($_.Errors.FullyQualifiedErrorId) $($_.Errors)" }
        }
        $shown[0, 2, 3] | Should -Be 'Succeeded 1  ', 'Succeeded 1  ', 'Succeeded 1  '
        $shown[1] | Should -BeLike "Failed 1 Switchyard.TerminalWanted Item 2: 'bash' *-InputMode Terminal*"
        $shown[4] | Should -BeLike "Failed 1 Switchyard.TerminalWanted Item 2: 'sh' *-InputMode Terminal*"
        $shown[5] | Should -BeLike "Failed 1 Switchyard.TerminalWanted Item 1: 'sh' *-InputMode Terminal*"
    }

    It 'ends also where it is not in its item''s process group, or that does not stop' -Skip:$noTerminal {
        $shown = Invoke-AtTerminal {
            $results = @(1 | Invoke-ThreadedBatch -FilePath timeout -ArgumentList 600, 'sh', '-c', 'read x </dev/tty; echo $x' -AsResult)
            $results += 1 | Invoke-ThreadedBatch -FilePath bash -ArgumentList '-mc', 'sh -c "read x </dev/tty; echo \$x" & wait' -AsResult
            $results += 1 | Invoke-ProcessBatch { timeout 600 sh -c 'read x </dev/tty; echo $x' } -AsResult
            $results | ForEach-Object { "$($_.Status) $($_.Errors.FullyQualifiedErrorId) $($_.Errors)" }

            # Stopped by somebody else, while it waits for a pipe.
            1 | Invoke-ThreadedBatch -FilePath bash -ArgumentList '-c', 'sleep 1.5 | cat & kill -STOP $!; sleep 1.3; kill -CONT $!; wait; echo done'
        }
        $shown[0..2] | Should -BeLike "Failed *Switchyard.TerminalWanted *Item 1: 'sh' *-InputMode Terminal*"
        $shown[3] | Should -Be 'done'
    }

    It 'has its answer with -InputMode Terminal, one after another' -Skip:$noTerminal {
        Invoke-AtTerminal -Typed 'one', 'two', 'three' {
            1, 2 | Invoke-ThreadedBatch -FilePath sh -ArgumentList '-c', 'read x </dev/tty; echo $0 $x', '{}' -InputMode Terminal
            3 | Invoke-ProcessBatch -FilePath sh -ArgumentList '-c', 'read x; echo $0 $x' -InputMode Terminal
        } | Should -Be '1 one', '2 two', '3 three'
    }

    It 'may write to the terminal, and is killed at its end like any other' -Skip:$noTerminal {
        Invoke-AtTerminal {
            1 | Invoke-ThreadedBatch -FilePath sh -ArgumentList '-c', 'echo hello >/dev/tty && echo written'
            (1 | Invoke-ThreadedBatch -FilePath sh -ArgumentList '-c', 'sleep 600 & sleep 600' -InputMode Terminal -ItemTimeoutSeconds 0.3 -GraceSeconds 0 -AsResult).Status
        } | Should -Be 'written', 'TimedOut'
    }

    It 'is refused -InputMode Terminal where there is none' -Skip:(-not (Get-Command setsid -ErrorAction Ignore)) {
        $pwsh = Get-Pwsh
        $script = "Import-Module '$(Get-BuiltManifest)'; try { 1 | Invoke-ThreadedBatch -FilePath true -InputMode Terminal } catch { `$_.FullyQualifiedErrorId }"
        setsid -w $pwsh.Program $pwsh.Before -NoProfile -NonInteractive -Command $script | Should -BeLike 'Switchyard.NoTerminal*'
    }
}
