#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5.0' }

# Where the system gives less than usual: no place for files, few processes, few open files. Each runs in a PowerShell of its own.
BeforeDiscovery {
    function Test-Command([string] $Line) {
        $null = sh -c $Line 2>&1
        $LASTEXITCODE -eq 0
    }

    # What is mounted in a namespace of its own is gone with the process.
    $mounts = $IsLinux -and (Test-Command 'unshare -m mount -t tmpfs tmpfs /mnt')
    $files = $IsLinux -and (Test-Command 'prlimit --nofile=256 true')

    # A user of its own, so that what others run does not count. PowerShell and the module may be where only this user can read.
    $user = 'setpriv --reuid=64321 --regid=64321 --clear-groups'
    $read = "test -r '$PSHOME/System.Management.Automation.dll' && test -r '$(Join-Path $PSScriptRoot '..' '..' 'out' 'Switchyard' 'Switchyard.psd1')'"
    $users = $IsLinux -and (Test-Command "$user prlimit --nproc=80 sh -c `"$read`"")
}

Describe 'Poor machines' -Skip:$IsWindows {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Common.psm1') -Force
        Import-BuiltModule

        # Runs a script in a PowerShell that a shell has set the stage for: '$@' there is its command line.
        function Invoke-Poor {
            param([Parameter(Mandatory)] [string] $Stage, [Parameter(Mandatory)] [scriptblock] $Script)

            $pwsh = Get-Pwsh
            $body = "`$ErrorActionPreference = 'Continue'; `$PSStyle.OutputRendering = 'PlainText'; Import-Module '$(Get-BuiltManifest)'`n$Script"
            $encoded = [Convert]::ToBase64String([System.Text.Encoding]::Unicode.GetBytes($body))
            sh -c $Stage sh $pwsh.Program @($pwsh.Before) -NoProfile -NonInteractive -OutputFormat Text -EncodedCommand $encoded 2>&1 | ForEach-Object { "$_" }
        }

        # Workers, a crash, shared state, new workers beside warm ones.
        $all = {
            # One worker at a time: each takes a second to start.
            "P: $(1..3 | Invoke-ProcessBatch { $_ * 2 } -ThrottleLimit 1)"
            $counter = New-SharedState Counter
            "S: $(@(1..4 | Invoke-ProcessBatch { ($using:counter).Add(1) } -MaxItemsPerWorker 1 -ThrottleLimit 1).Count) $($counter.Value)"
            "C: $((1..3 | Invoke-ProcessBatch { if ($_ -eq 2) { [Environment]::FailFast('gone') }; $_ } -ThrottleLimit 1 -AsResult).Status)"
        }
        $fine = 'P: 2 4 6', 'S: 4 4', 'C: Succeeded Crashed Succeeded'
    }

    Context 'The temporary folder' {
        It 'need not be there, or may have any name: <Stage>' -ForEach @(
            @{ Stage = 'TMPDIR=/no/such/folder exec "$@"' }
            @{ Stage = 'TMPDIR=/proc exec "$@"' }
            @{ Stage = "t=`$(mktemp -d)/$('deep' * 30); mkdir -p `$t; TMPDIR=`$t `"`$@`"; rm -r `"`${t%/*}`"" }
            @{ Stage = "t=`"`$(mktemp -d)/it's `"`"ö`"; mkdir -p `"`$t`"; TMPDIR=`$t `"`$@`"; rm -r `"`${t%/*}`"" }
        ) {
            Invoke-Poor $Stage $all | Where-Object { $_ -match '^[PSC]: ' } | Should -Be $fine
        }

        It 'may be full, with nothing else that can be written' -Skip:(-not $mounts) {
            # The module itself may be in /tmp, so that is not hidden.
            $stage = 'unshare -m sh -c ''mount -t tmpfs -o ro tmpfs /dev/shm && mount --bind /tmp /tmp && mount -o remount,bind,ro /tmp && mount -t tmpfs -o size=4k tmpfs /mnt && head -c 9000 /dev/zero > /mnt/fill 2>&1; TMPDIR=/mnt exec "$@"'' sh "$@"'
            Invoke-Poor $stage $all | Where-Object { $_ -match '^[PSC]: ' } | Should -Be $fine
        }

        It 'may be swept between batches and during one' {
            $stage = 't=$(mktemp -d); TMPDIR=$t exec "$@"'
            $out = Invoke-Poor $stage {
                $counter = New-SharedState Counter
                $null = 1 | Invoke-ProcessBatch { ($using:counter).Add(1) }
                Remove-Item -LiteralPath $env:TMPDIR -Recurse
                $null = 1..4 | Invoke-ProcessBatch { ($using:counter).Add(1) } -MaxItemsPerWorker 1 -ThrottleLimit 2
                $null = New-Item -ItemType Directory -Path $env:TMPDIR
                $null = 1..4 | Invoke-ProcessBatch { if ($_ -eq 2) { Remove-Item -LiteralPath $env:TMPDIR -Recurse }; ($using:counter).Add(1) } -MaxItemsPerWorker 1 -ThrottleLimit 1
                "counted $($counter.Value)"
            }
            $out | Should -Contain 'counted 9'
        }
    }

    Context 'Limits' {
        BeforeAll {
            # What '$Run' writes, counted, with its warnings.
            function Get-Count([string] $Stage, [scriptblock] $Run) {
                @(Invoke-Poor $Stage ([scriptblock]::Create("`$all = @($Run 3>&1); `$warnings = @(`$all | Where-Object { `$_ -is [System.Management.Automation.WarningRecord] })
                    `"items `$(@(`$all | Where-Object { `$_ -isnot [System.Management.Automation.WarningRecord] } | Sort-Object -Unique).Count) warnings `$(`$warnings.Count): `$warnings`"")))[-1]
            }
        }

        It 'does all items with fewer workers and one warning where few files may be open: <What>' -Skip:(-not $files) -ForEach @(
            @{ What = 'programs'; Expected = 80; Run = { 1..80 | Invoke-ThreadedBatch -FilePath sh -ArgumentList '-c', 'sleep 2; echo $0' -ThrottleLimit 60 } }
            @{ What = 'lines'; Expected = 80; Run = { 1..80 | Invoke-ThreadedBatch -FilePath sh -ArgumentList '-c', 'while read -r l; do sleep 1; echo $l; done' -InputMode Line -ThrottleLimit 60 } }
            @{ What = 'processes'; Expected = 20; Run = { 1..20 | Invoke-ProcessBatch { Start-Sleep -Milliseconds 50; $_ } -ThrottleLimit 60 } }
        ) {
            Get-Count 'prlimit --nofile=256 "$@"' $Run | Should -BeLike "items $Expected warnings 1: *(ulimit -n)*"
        }

        It 'does the same where a user may have few processes: <What>' -Skip:(-not $users) -ForEach @(
            @{ What = 'programs'; Expected = 80; Run = { 1..80 | Invoke-ThreadedBatch -FilePath sh -ArgumentList '-c', 'sleep 2; echo $0' -ThrottleLimit 60 } }
            @{ What = 'lines'; Expected = 80; Run = { 1..80 | Invoke-ThreadedBatch -FilePath sh -ArgumentList '-c', 'while read -r l; do sleep 1; echo $l; done' -InputMode Line -ThrottleLimit 60 } }
            @{ What = 'threads'; Expected = 80; Run = { 1..80 | Invoke-ThreadedBatch { Start-Sleep -Seconds 1; $_ } -ThrottleLimit 500 } }
            @{ What = 'processes'; Expected = 20; Run = { 1..20 | Invoke-ProcessBatch { Start-Sleep -Milliseconds 50; $_ } -ThrottleLimit 60 } }
        ) {
            $stage = 'h=$(mktemp -d); chmod 777 $h; HOME=$h setpriv --reuid=64321 --regid=64321 --clear-groups prlimit --nproc=80 "$@"; rm -r $h'
            Get-Count $stage $Run | Should -BeLike "items $Expected warnings 1: *(ulimit -u)*"
        }
    }

    Context 'Streams and folders' {
        It 'needs none of them: <Stage>' -ForEach @(
            @{ Stage = 'LC_ALL=C "$@" <&-' }
            @{ Stage = 't=$(mktemp -d); cd $t; rmdir $t; unset HOME PATH LANG XDG_RUNTIME_DIR; exec "$@"' }
        ) {
            Invoke-Poor $Stage $all | Where-Object { $_ -match '^[PSC]: ' } | Should -Be $fine
        }

        It 'runs programs and processes from a folder that was removed' {
            $out = Invoke-Poor 't=$(mktemp -d); cd $t; exec "$@"' {
                Remove-Item -LiteralPath "$PWD"
                "run: $(1, 2 | Invoke-ThreadedBatch -FilePath echo -KeepOrder) $(1, 2 | Invoke-ProcessBatch { $_ } -ThrottleLimit 1)"
            }
            $out | Should -Contain 'run: 1 2 1 2'
        }
    }
}

Describe 'Frozen workers' -Skip:$IsWindows {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Common.psm1') -Force
        Import-BuiltModule
    }

    It 'holds an item''s time and the run''s while something large is on its way to one' {
        $large = [byte[]]::new(20MB)
        $results = @(1, $large, 2) | Invoke-ProcessBatch { if ($_ -eq 1) { sh -c "kill -STOP $PID" }; 'done' } -ThrottleLimit 1 -ItemTimeoutSeconds 5 -AsResult -NoReuse
        @($results).Count | Should -Be 3
        $results[0].Status | Should -Be 'TimedOut'
        $results.Status | Should -Not -Contain 'Crashed'

        # With an environment of their own: a worker that another test has left warm would be taken for the second. One that is frozen before it has
        # cleaned up is not warm, and a new one takes its place: then it is tried again.
        $own = @{ Environment = @{ SWITCHYARD_TEST_FROZEN = [guid]::NewGuid().ToString() } }
        $frozen = foreach ($attempt in 1..10) {
            $id = 1 | Invoke-ProcessBatch { $PID } @own
            kill -STOP $id
            $id
            , $large | Invoke-ProcessBatch { 'done' } @own -TimeoutSeconds 3 -ErrorVariable failures -WarningVariable warnings > $null 2> $null 3> $null
            if ($failures) { break }
        }

        $failures[0].FullyQualifiedErrorId | Should -BeLike 'Switchyard.RunTimedOut*'
        $warnings | Should -BeNullOrEmpty

        # At once if it was used; where it was frozen before it had cleaned up, after the ten seconds that it has for that.
        Wait-Until { -not (Get-Process -Id $frozen -ErrorAction Ignore) } -Timeout '00:00:30' | Should -BeTrue
    }
}
